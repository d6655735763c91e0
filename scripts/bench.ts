import { bench as runBench } from '@souk/bench/bench';
import { checkout } from './installation.ts';

/**
 * `npm run bench`: figures beside their ceilings, into docs/performance.md. `--quick` measures once, on the small data set,
 * and writes nothing; `--memory=N` sends N requests for the memory figure (1,000,000 unless said, 0 leaves it out).
 */
export async function bench(words: readonly string[]): Promise<number> {
  const quick = words.includes('--quick');
  const memory = words.find((word) => word.startsWith('--memory='))?.slice('--memory='.length);
  await runBench({
    checkout,
    quick,
    memoryRequests: memory === undefined ? (quick ? 0 : 1_000_000) : Number(memory),
    say: (line) => void process.stdout.write(`${line}\n`),
  });
  return 0;
}
