/** Classes of SQLSTATE that pass: the connection is lost (08), the server is short of room, memory or connections (53). */
const CLASSES = new Set(['08', '53']);

// oxfmt-ignore
const CODES = new Set([
  '57014', // cancelled, or longer than the statement's time
  '57P01', '57P02', '57P03', // shutting down, crashed, still starting
  '57P05', '25P03', '25P04', // a session or transaction that took too long
  '55P03', '40P01', '40001', // waited too long for a lock; two waited for each other
  '25006', '58030', // a standby that is not the primary yet; the disk could not be read or written
]);

/** What the system says of a socket that leads nowhere. */
// oxfmt-ignore
const SOCKET_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]);
const SOCKET_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);

/** The driver's own errors have words and no code. */
const WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end)/;

/**
 * Whether an error says that something is away, busy or full at this moment, so that trying again later may help: the one
 * list of such errors. Everything else is a bug or a refusal.
 */
export function isPassingFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code === 'string') {
    if (CODES.has(code) || code === 'ENOSPC' || code === 'EDQUOT') return true;
    if (code.length === 5 && CLASSES.has(code.slice(0, 2))) return true;
    // A file that is missing says ENOENT too; only a socket's counts.
    if (SOCKET_CODES.has(code) && SOCKET_CALLS.has(String(syscall))) return true;
  }
  // One address of several that was tried, or what the driver wraps.
  if (error instanceof AggregateError) return error.errors.some(isPassingFault);
  return WORDS.test(error.message) || isPassingFault(error.cause);
}
