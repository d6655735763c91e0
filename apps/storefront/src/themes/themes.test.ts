import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokensOf = (theme: string): ReadonlyMap<string, string> =>
  new Map(
    [...readFileSync(new URL(`${theme}.css`, import.meta.url), 'utf8').matchAll(/--([a-z-]+): ([^;]+);/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    ),
  );

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

/** Text on ground: at least 4.5. */
const TEXT = [
  ['ink', 'ground'],
  ['ink', 'ground-raised'],
  ['ink-quiet', 'ground'],
  ['ink-quiet', 'ground-raised'],
  ['ink-quiet', 'ground-sunk'],
  ['ink-quiet', 'field'],
  ['on-action', 'action'],
  ['on-action-hover', 'action-hover'],
  ['on-accent', 'accent'],
  ['on-chip-on', 'chip-on'],
  ['on-option-on', 'option-on'],
  ['on-count', 'count'],
  ['on-badge', 'badge'],
  ['on-ribbon', 'ribbon'],
  ['on-footer', 'footer'],
  ['on-footer-quiet', 'footer'],
  ['on-mark', 'mark'],
  ['sale', 'ground'],
  ['good', 'ground'],
  ['attention', 'ground'],
  ['attention', 'attention-ground'],
  ['bad', 'ground'],
  ['bad', 'bad-ground'],
] as const;

/** Edges of controls, the focus ring, large figures: at least 3. */
const CONTROLS = [
  ['line-strong', 'ground'],
  ['line-strong', 'field'],
  ['focus', 'ground'],
  ['trouble-code', 'ground'],
] as const;

describe.each(['aurora', 'kumo'])('%s', (theme) => {
  const tokens = tokensOf(theme);
  const ratio = (front: string, back: string): number => contrast(tokens.get(front) ?? '', tokens.get(back) ?? '');

  it.each(TEXT)('%s can be read on %s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(CONTROLS)('%s is seen on %s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(3);
  });

  it('names every token the shared stylesheet reads', () => {
    const base = readFileSync(new URL('../styles/base.css', import.meta.url), 'utf8');
    const read = new Set([...base.matchAll(/var\(--([a-z0-9-]+)\)/g)].map(([, name]) => name));
    const named = new Set(
      [...readFileSync(new URL(`${theme}.css`, import.meta.url), 'utf8').matchAll(/--([a-z0-9-]+):/g)].map(
        ([, name]) => name,
      ),
    );
    expect([...read].filter((name) => !named.has(name))).toEqual([]);
  });
});
