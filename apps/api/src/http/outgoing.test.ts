import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '..');

/** Files that may speak to the network by themselves, and whose word the address is. No site can set any of them. */
const BY_THEMSELVES: Readonly<Record<string, string>> = {
  'http/guarded-fetch.ts': 'the one client for addresses that a site can set',
  'integrations/sandbox-provider.ts': 'the address of the development provider, from the environment of the process',
  'jobs/mailer.ts': 'the mail server, from the environment of the process',
};

const CLIENTS = [
  /(?<![\w.])fetch\(/,
  /from '(undici|nodemailer|axios|got|node-fetch|ws)'/,
  /import\s*\(\s*'(undici|nodemailer|node:(http|https|http2|net|tls|dgram))'/,
  // Types and servers are no clients.
  /import (?!type\b)[^;]*\b(request|get|connect|createConnection|Agent|Socket)\b[^;]*from 'node:(http|https|http2|net|tls|dgram)'/,
  /(new|globalThis\.) ?(WebSocket|EventSource|XMLHttpRequest)\b/,
];

/** Comments and texts speak of many things. */
const codeOf = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

test('H12 · nothing but the guarded client reaches out, so every address a site can set goes through it', () => {
  const reaching = readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => CLIENTS.some((client) => client.test(codeOf(readFileSync(file, 'utf8')))))
    .map((file) => relative(SOURCES, file).replaceAll('\\', '/'));
  expect(reaching.toSorted()).toEqual(Object.keys(BY_THEMSELVES).toSorted());
});
