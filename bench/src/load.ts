/** Something to do over and over; `worker` and `n` let it choose what it asks for. */
export type Work = (worker: number, n: number) => Promise<unknown>;

export type Rate = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
};

/** Keeps `workers` busy for so long and says how many were done each second. Whatever fails ends the measurement. */
export async function measure(work: Work, { seconds, workers }: { seconds: number; workers: number }): Promise<Rate> {
  const times: number[] = [];
  const startedAt = performance.now();
  const end = startedAt + seconds * 1000;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let n = 0; performance.now() < end; n += 1) {
        const from = performance.now();
        await work(worker, n);
        times.push(performance.now() - from);
      }
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: times.length / elapsed, p50Ms: at(0.5), p95Ms: at(0.95), count: times.length };
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
};

export type Pair = {
  readonly ours: Rate;
  readonly theirs: Rate;
  /** Ours over theirs, of each round. */
  readonly ratios: readonly number[];
};

/** Measures two things in turn, so that a machine that changes its pace changes it for both. The first round warms up. */
export async function measurePair(
  ours: Work,
  theirs: Work,
  { rounds, seconds, workers }: { rounds: number; seconds: number; workers: number },
): Promise<Pair> {
  const all: { ours: Rate; theirs: Rate }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = {
      theirs: await measure(theirs, { seconds, workers }),
      ours: await measure(ours, { seconds, workers }),
    };
    if (round > 0) all.push(pair);
  }
  const middle = (rates: readonly Rate[]): Rate => ({
    perSecond: median(rates.map((r) => r.perSecond)),
    p50Ms: median(rates.map((r) => r.p50Ms)),
    p95Ms: median(rates.map((r) => r.p95Ms)),
    count: rates.reduce((sum, r) => sum + r.count, 0),
  });
  return {
    ours: middle(all.map((p) => p.ours)),
    theirs: middle(all.map((p) => p.theirs)),
    ratios: all.map((p) => p.ours.perSecond / p.theirs.perSecond),
  };
}
