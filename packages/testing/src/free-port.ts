import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A port that is free now and stays so while its process is down: from below the range that outgoing connections are given
 * theirs from.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(12_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once('error', () => done(false));
      server.listen(port, () => server.close(() => done(true)));
    });
    if (isFree) return port;
  }
  throw new Error('no free port');
}
