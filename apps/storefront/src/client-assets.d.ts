declare module 'virtual:client-assets' {
  type ThemeAssets = { readonly style: string; readonly font?: string };
  const assets: { readonly script: string; readonly themes: Readonly<Record<'aurora' | 'kumo', ThemeAssets>> };
  export default assets;
}
