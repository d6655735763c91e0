import type { Theme } from './page-data.ts';

/**
 * What a theme decides beside its tokens: which of the layouts the stylesheet knows it uses.
 * They are written on `<html>` as `data-…`, so that one stylesheet serves every theme.
 */
export type ThemeLayout = {
  readonly header: 'centered' | 'bar';
  readonly hero: 'split' | 'full';
  readonly cards: 'airy' | 'edge';
  readonly options: 'soft' | 'square';
  /** Whether price and button stay in view on the phone. */
  readonly buy: 'inline' | 'sticky';
};

export const THEME_LAYOUTS: Readonly<Record<Theme, ThemeLayout>> = {
  aurora: { header: 'centered', hero: 'split', cards: 'airy', options: 'soft', buy: 'inline' },
  kumo: { header: 'bar', hero: 'full', cards: 'edge', options: 'square', buy: 'sticky' },
};
