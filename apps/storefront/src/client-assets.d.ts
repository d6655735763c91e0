declare module 'virtual:client-assets' {
  /** `css` is the text of `style` and `hash` its CSP source, given once built; `font` is the display font's address. */
  type ThemeAssets = { readonly style: string; readonly css?: string; readonly hash?: string; readonly font?: string };
  const assets: { readonly script: string; readonly themes: Readonly<Record<'aurora' | 'kumo', ThemeAssets>> };
  export default assets;
}
