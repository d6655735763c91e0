import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { Figures } from './bench.ts';

/** `docs/performance.md`: written by `npm run bench`, with the machine and the day. */
export function performancePage(figures: Figures): string {
  const { compared, layers, flat, startMs, idleMb, memory } = figures;
  const reached = (ok: boolean): string => (ok ? 'yes' : '**no**');
  return `# Performance

Written by \`npm run bench\`; not edited by hand. Each figure is taken beside a ceiling in the same run, in turn, so that a
machine which changes its pace changes it for both: the ratios say more than the absolute numbers. Server, database and
client share the processors.

- Day: ${new Date().toISOString().slice(0, 10)}, commit ${commit()}
- Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB, ${process.platform}
- Node ${process.versions.node}, embedded PostgreSQL with its defaults here: every commit is flushed

![Ours as a share of the ceiling](pictures/performance.svg)

## Against the ceiling

Medians of five rounds, the lowest and highest round in brackets. "Ceiling" is what the same answer costs with nothing
around it: no site, no row-level security, no check of the input, no log (\`bench/src/ceiling-process.ts\`, \`bare-checkout.ts\`).

| question | ours, per second | ceiling, per second | ratio | wanted | reached |
| --- | ---: | ---: | --- | --- | --- |
${compared
  .map(
    (c) =>
      `| ${c.what} | ${whole(c.ours.perSecond)} | ${whole(c.theirs.perSecond)} (${c.ceiling}) | ${c.ratio.median.toFixed(2)} (${c.ratio.least.toFixed(2)}–${c.ratio.greatest.toFixed(2)}) | ≥ ${c.wanted} | ${reached(c.ratio.median >= c.wanted)} |`,
  )
  .join('\n')}

For reference, two well-known commerce servers measured on such a machine reach 138 and 19 products, 31 and 7 lists of
orders, 7.3 and 1.6 whole checkouts a second.

## What each layer costs

The product above, asked through one layer more each time: processor time of the server's process. The two lines of the
ORM are waiting time of one connection.

| layer | µs more | round trips more |
| --- | ---: | ---: |
${layers.map((l) => `| ${l.layer} | ${whole(l.microseconds)} | ${l.roundTrips} |`).join('\n')}

## Flat

The same site alone (1,000 products) and among a thousand (1,000,000 products): half of the answers came within.

| question | alone | among a thousand | ratio | wanted | reached |
| --- | ---: | ---: | --- | --- | --- |
${flat
  .map(
    (f) =>
      `| ${f.what} | ${f.smallMs.toFixed(2)} ms | ${f.largeMs.toFixed(2)} ms | ${f.ratio.median.toFixed(2)} (${f.ratio.least.toFixed(2)}–${f.ratio.greatest.toFixed(2)}) | ≤ 1.2 | ${reached(f.ratio.median <= 1.2)} |`,
  )
  .join('\n')}

## Start and memory

| what | figure | wanted | reached |
| --- | ---: | --- | --- |
| the API alone, from spawning the process to serving | ${(startMs / 1000).toFixed(2)} s | ≤ 0.8 s | ${reached(startMs <= 800)} |
| its memory while nobody asks | ${whole(idleMb)} MB | < 150 MB | ${reached(idleMb < 150)} |
${
  memory
    ? `| memory held after ${whole(memory.requests)} requests and a full collection, over that after 10,000 (${whole(memory.afterFirstMb)} MB) | ${whole(memory.afterAllMb)} MB | within 10 % | ${reached(memory.afterAllMb <= memory.afterFirstMb * 1.1)} |`
    : ''
}

How often each path waits for the database is held by \`packages/testing/src/attacks/round-trips.test.ts\`, how many rows
it reads by \`rows-read.test.ts\` beside it, the storefront's JavaScript by \`apps/storefront/src/client-size.test.ts\`:
counts, which do not depend on the machine.
`;
}

const whole = (n: number): string => Math.round(n).toLocaleString('en');

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
