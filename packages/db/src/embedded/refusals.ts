import type { RunningServer } from './running-server.ts';

/** A live process already serves this data folder: another `npm start` in the same clone. */
export class EmbeddedAlreadyRunning extends Error {
  readonly server: RunningServer;
  constructor(server: RunningServer) {
    const owner = server.ownerPid === undefined ? '' : `, started by process ${server.ownerPid}`;
    super(`The database of this folder is already running (process ${server.pid}${owner}). Stop that one first.`);
    this.name = 'EmbeddedAlreadyRunning';
    this.server = server;
  }
}

/** This machine cannot run the embedded server at all; a PostgreSQL of one's own is the way out. */
export class EmbeddedUnavailable extends Error {
  constructor(reason: string) {
    super(`${reason} Set DATABASE_URL to a PostgreSQL 15 or newer instead.`);
    this.name = 'EmbeddedUnavailable';
  }
}

/** The server or its data folder is not in a state to start; the message says what PostgreSQL said. */
export class EmbeddedFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'EmbeddedFailed';
  }
}
