import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer, writeServer } from './test-server.ts';

/**
 * Vitest's global set-up: one PostgreSQL for the run; its address goes to the workers by an environment variable. Many short
 * runs may share one: who starts it sets the variable.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.SOUK_TEST_SERVER) return () => Promise.resolve();
  const folder = mkdtempSync(join(tmpdir(), 'souk-run-'));
  const { server, stop } = await startTestServer();
  const file = join(folder, 'server.json');
  writeServer(file, server);
  process.env.SOUK_TEST_SERVER = file;
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
