import { rmSync } from 'node:fs';
import { type AddressInfo, type NetConnectOpts, type Server, type Socket, connect, createServer } from 'node:net';

/** What is wrong with the wire. An empty one works well. */
export type Fault = {
  /** Nobody listens: who connects is refused. */
  readonly refuses?: boolean;
  /** Added to the way of each piece, there and back, in milliseconds. */
  readonly latencyMs?: number;
  /** Nothing gets through and nothing is closed: what was sent arrives when the fault is over. */
  readonly stalls?: boolean;
  /** A connection made from now on is cut after so many bytes of its answers. */
  readonly cutAfterBytes?: number;
  /** Everything is cut after so many bytes of answers in all, and whoever connects then is cut at once. */
  readonly diesAfterBytes?: number;
};

export type TcpProxy = {
  /** The port it listens on; 0 when it is a socket's path. */
  readonly port: number;
  /** Changes what is wrong, for connections that are open too. */
  fail(fault: Fault): Promise<void>;
  /** How many bytes of answers came through so far. */
  answeredBytes(): number;
  /** Cuts every connection that is open now. */
  cut(): void;
  close(): Promise<void>;
};

/** A wire that can be cut: listens on a port of 127.0.0.1 (0 is a free one) or on a socket's path, and leads to `to`. */
export async function startTcpProxy(to: NetConnectOpts, at: number | string = 0): Promise<TcpProxy> {
  const path = typeof at === 'string' ? at : undefined;
  let fault: Fault = {};
  let answered = 0;
  let diesAt = Infinity;
  const open = new Set<Socket>();
  const resumed = new Set<() => void>();

  const pass = (from: Socket, into: Socket, isAnswer: boolean): void => {
    const { cutAfterBytes = Infinity } = fault;
    let seen = 0;
    from.on('data', (piece: Buffer) => {
      const rest = isAnswer ? cutAfterBytes - seen : Infinity;
      seen += piece.length;
      if (isAnswer) answered += piece.length;
      if (answered >= diesAt) return cut();
      const send = (): void => {
        if (rest > piece.length) return void into.write(piece);
        into.end(piece.subarray(0, rest), () => into.destroy());
        from.destroy();
      };
      if (fault.latencyMs) setTimeout(send, fault.latencyMs);
      else send();
      if (fault.stalls) from.pause();
    });
    const resume = (): void => void (fault.stalls ? from.pause() : from.resume());
    resumed.add(resume);
    resume();
    from.on('error', () => into.destroy());
    from.on('end', () => void setTimeout(() => into.end(), fault.latencyMs ?? 0));
    from.on('close', () => {
      open.delete(from);
      resumed.delete(resume);
      // Whoever is gone is gone for the other side too, after what is still under way.
      setTimeout(() => into.destroySoon(), fault.latencyMs ?? 0);
    });
  };
  const accept = (client: Socket): void => {
    if (answered >= diesAt) return void client.destroy();
    const target = connect(to);
    open.add(client).add(target);
    pass(client, target, false);
    pass(target, client, true);
  };

  let server: Server | undefined;
  let port = typeof at === 'number' ? at : 0;
  const listen = async (): Promise<void> => {
    if (server) return;
    if (path) rmSync(path, { force: true });
    const next = createServer({ allowHalfOpen: true }, accept);
    await new Promise<void>((done, failed) => {
      next.once('error', failed);
      if (path) next.listen(path, done);
      else next.listen(port, '127.0.0.1', done);
    });
    port = path ? 0 : (next.address() as AddressInfo).port;
    server = next;
  };
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  const refuse = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const closed = new Promise((done) => closing.close(done));
    cut();
    await closed;
  };
  await listen();
  return {
    port,
    answeredBytes: () => answered,
    fail: async (next) => {
      fault = next;
      diesAt = answered + (next.diesAfterBytes ?? Infinity);
      for (const resume of resumed) resume();
      await (next.refuses ? refuse() : listen());
    },
    cut,
    close: refuse,
  };
}
