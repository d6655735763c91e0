import type { Compared } from './bench.ts';

const [WIDTH, ROW, LEFT, RIGHT] = [760, 54, 16, 110];

/** One bar for each question: our share of the ceiling, with a mark where it should at least reach. */
export function chartOf(compared: readonly Compared[]): string {
  const span = WIDTH - LEFT - RIGHT;
  const x = (share: number): number => LEFT + Math.min(1, share) * span;
  const rows = compared.map((c, i) => {
    const y = 34 + i * ROW;
    return `<text x="${LEFT}" y="${y}" class="what">${escaped(c.what)}</text>
<rect x="${LEFT}" y="${y + 8}" width="${span}" height="18" rx="4" class="ceiling"/>
<rect x="${LEFT}" y="${y + 8}" width="${(x(c.ratio.median) - LEFT).toFixed(1)}" height="18" rx="4" class="ours"/>
<line x1="${x(c.wanted).toFixed(1)}" x2="${x(c.wanted).toFixed(1)}" y1="${y + 4}" y2="${y + 30}" class="wanted"/>
<text x="${WIDTH - RIGHT + 12}" y="${y + 22}" class="ratio">${c.ratio.median.toFixed(2)} · ${Math.round(c.ours.perSecond).toLocaleString('en')}/s</text>`;
  });
  const height = 34 + compared.length * ROW + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Our throughput as a share of the ceiling">
<style>text{font:14px system-ui,sans-serif;fill:#1f2328}.ratio{font-weight:600}.ceiling{fill:#e6e8eb}.ours{fill:#2f6f5e}.wanted{stroke:#b4552d;stroke-width:2;stroke-dasharray:4 3}@media(prefers-color-scheme:dark){text{fill:#e6e8eb}.ceiling{fill:#2c3136}.ours{fill:#5fb49c}}</style>
${rows.join('\n')}
<text x="${LEFT}" y="${height - 2}" style="font-size:12px">Grey: the ceiling of the same run. Dashed: what is wanted at least.</text>
</svg>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
