/**
 * Where to connect for an address of this machine. Node does not resolve `*.localhost`; servers find each other at
 * 127.0.0.1 with a Host header. Other addresses are left as they are.
 */
export function loopback(url: URL): { target: URL; headers: Record<string, string> } {
  if (url.hostname !== 'localhost' && !url.hostname.endsWith('.localhost')) return { target: url, headers: {} };
  const target = new URL(url);
  target.hostname = '127.0.0.1';
  return { target, headers: { host: url.host } };
}
