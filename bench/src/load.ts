/** Something to do over and over; `worker` and `n` let it choose what it asks for. */
export type Work = (worker: number, n: number) => Promise<unknown>;

export type Rate = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly count: number;
};

export type Effort = { readonly seconds: number; readonly workers: number };

/** Does something as often as it can for a while. */
export type Measurement = (effort: Effort) => Promise<Rate>;

/** Keeps `workers` busy for so long and says how many were done each second. Whatever fails ends the measurement. */
export const measure =
  (work: Work): Measurement =>
  async ({ seconds, workers }) => {
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
  };

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
};

const middle = (rates: readonly Rate[]): Rate => ({
  perSecond: median(rates.map((r) => r.perSecond)),
  p50Ms: median(rates.map((r) => r.p50Ms)),
  p95Ms: median(rates.map((r) => r.p95Ms)),
  count: rates.reduce((sum, r) => sum + r.count, 0),
});

/** Measures several things in turn, round by round, so that a machine that changes its pace changes it for all. The first round warms up. */
export async function interleaved<Name extends string>(
  things: Readonly<Record<Name, Measurement>>,
  effort: Effort & { readonly rounds: number },
): Promise<Record<Name, { readonly middle: Rate; readonly rounds: readonly Rate[] }>> {
  const names = Object.keys(things) as Name[];
  const all = Object.fromEntries(names.map((name) => [name, [] as Rate[]])) as Record<Name, Rate[]>;
  for (let round = 0; round <= effort.rounds; round += 1)
    for (const name of names) {
      const rate = await things[name](effort);
      if (round > 0) all[name].push(rate);
    }
  return Object.fromEntries(names.map((name) => [name, { middle: middle(all[name]), rounds: all[name] }])) as never;
}

/** The figures of one thing over those of another, of each round: median, least, greatest. */
export type Ratio = { readonly median: number; readonly least: number; readonly greatest: number };

export function ratioOf(
  ours: readonly Rate[],
  theirs: readonly Rate[],
  of: 'perSecond' | 'p50Ms' = 'perSecond',
): Ratio {
  const ratios = ours.map((rate, i) => rate[of] / (theirs[i]?.[of] ?? Number.NaN));
  return { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
}
