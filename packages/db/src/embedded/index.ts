export { EmbeddedAlreadyRunning, EmbeddedFailed, EmbeddedUnavailable } from './refusals.ts';
export { connectionUrl, type Login } from './connection-url.ts';
export { findRunning, type RunningServer } from './running-server.ts';
export { type EmbeddedServer, startEmbedded } from './start-embedded.ts';
export { removeEmbedded } from './remove-embedded.ts';
