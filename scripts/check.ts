import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '@souk/api/env';
import { checkout } from './installation.ts';

type Tool = { readonly name: string; readonly command: string; readonly words: readonly string[] };

const TOOLS: readonly Tool[] = [
  { name: 'types', command: 'tsc', words: ['-b'] },
  { name: 'lint', command: 'oxlint', words: ['--deny-warnings', '--quiet'] },
  { name: 'format', command: 'oxfmt', words: ['--check'] },
  { name: 'unused', command: 'knip', words: ['--no-progress'] },
  { name: 'workspace', command: 'sherif', words: ['--fail-on-warnings'] },
  { name: 'boundaries', command: 'turbo', words: ['boundaries'] },
];

/** `npm run check`: types, lint, format, unused code, package files, boundaries. Says what failed and how long each took. */
export async function check(words: readonly string[]): Promise<number> {
  if (words.includes('--write-docs')) {
    writeFileSync(join(checkout, 'docs', 'configuration.md'), configurationPage());
    process.stdout.write('docs/configuration.md written\n');
  }
  const results = await Promise.all(TOOLS.map(run));
  for (const { name, code, seconds, output } of results) {
    process.stdout.write(`${code === 0 ? 'ok   ' : 'FAIL '} ${name.padEnd(11)} ${seconds.toFixed(1)} s\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
  }
  return results.some((r) => r.code !== 0) ? 1 : 0;
}

function run({ name, command, words }: Tool): Promise<{ name: string; code: number; seconds: number; output: string }> {
  const startedAt = performance.now();
  return new Promise((done) => {
    const child = spawn(join(checkout, 'node_modules', '.bin', command), words, {
      cwd: checkout,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    });
    let output = '';
    child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
    child.on('close', (code) =>
      done({ name, code: code ?? 1, seconds: (performance.now() - startedAt) / 1000, output }),
    );
  });
}
