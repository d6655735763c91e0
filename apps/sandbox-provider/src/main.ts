import { createSandboxProvider } from './server.ts';

/**
 * The provider as a process of its own. Environment: PORT; ORIGIN, where browsers reach it; DATA_FILE, where the books are kept;
 * NOTICE_CONNECT_TO, an address such as `127.0.0.1:4000` that all notices are sent to whatever their host.
 */
const { PORT = '4001', ORIGIN = `http://localhost:${PORT}`, DATA_FILE, NOTICE_CONNECT_TO } = process.env;

const connectTo = NOTICE_CONNECT_TO === undefined ? undefined : new URL(`http://${NOTICE_CONNECT_TO}`);

const provider = createSandboxProvider({
  origin: ORIGIN,
  ...(DATA_FILE === undefined ? {} : { dataFile: DATA_FILE }),
  ...(connectTo ? { noticeConnectTo: { host: connectTo.hostname, port: Number(connectTo.port || 80) } } : {}),
});

// Its pages let anybody pay and resend, so it is reachable from this machine only.
const server = provider.app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) {
    process.stderr.write(`The sandbox payment provider cannot use port ${PORT}: ${error.message}\n`);
    process.exit(1);
  }
  process.send?.('listening');
});

function stop(): void {
  provider.stop();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 2_000).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, stop);
