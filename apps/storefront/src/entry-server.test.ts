import { describe, expect, it } from 'vitest';
import { render } from './entry-server.tsx';
import type { Page, Theme } from './page-data.ts';
import { samplePages } from './sample-pages.ts';

const NAUGHTY = [
  `</script><script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `&lt;b&gt; &amp;quot; "quoted" 'single' \`tick\``,
  `<!-- <![CDATA[ ]]> -->`,
  `{"__proto__":{"x":1}}`,
  `\u2028\u2029\u0000\ufeff`,
  `Ünïcödé 雲 \u{1f9e6}`,
  '',
  'x'.repeat(5000),
];

const elements = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'gi'))].map((match) => match[0]);

const decoded = (attribute: string): string =>
  attribute
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('what people typed', () => {
  for (const text of NAUGHTY) {
    it(`is shown and never run: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const plain = samplePages().map((page) => render(page).html);
      for (const [index, page] of samplePages(text).entries()) {
        const { html } = render(page);
        // The same elements with and without: nothing typed has become one.
        for (const name of ['script', 'iframe', 'object'])
          expect(elements(html, name)).toHaveLength(elements(plain[index] ?? '', name).length);
        expect(elements(html, 'img').filter((img) => /\sonerror/i.test(img.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
      }
    });
  }

  it('comes back whole from the props of an island', () => {
    for (const text of NAUGHTY) {
      const { html } = render(onlyKind(samplePages(text), 'product'));
      const props = /data-island="product-view" data-props="([^"]*)"/.exec(html)?.[1];
      const parsed: { title?: unknown } = JSON.parse(decoded(props ?? ''));
      // NUL is no character of HTML; everything else arrives as it was typed.
      expect(String(parsed.title)).toBe(text);
    }
  });

  it('comes back whole from the structured data', () => {
    for (const text of NAUGHTY) {
      const { html } = render(onlyKind(samplePages(text), 'product'));
      const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1];
      const parsed: { '@graph': readonly { name?: unknown }[] } = JSON.parse(json ?? '');
      expect(parsed['@graph'][0]?.name).toBe(text);
    }
  });
});

describe('a page', () => {
  const themes: readonly Theme[] = ['aurora', 'kumo'];
  const locales = ['en', 'en-IE', 'de-DE', 'ja-JP', 'not a locale'];

  it('renders in each theme and locale', () => {
    for (const theme of themes) {
      for (const locale of locales) {
        for (const page of samplePages()) {
          const { html } = render(page.shop ? { ...page, shop: { ...page.shop, theme, locale } } : page);
          expect(html).toMatch(/^<!doctype html><html lang="[^"]+"/);
          expect(html).toContain('</html>');
        }
      }
    }
  });

  it('has one first heading, and steps down one level at a time', () => {
    for (const page of samplePages()) {
      const levels = [...render(page).html.matchAll(/<h([1-6])\b/g)].map((match) => Number(match[1]));
      expect(
        levels.filter((level) => level === 1),
        page.kind,
      ).toHaveLength(1);
      levels.reduce((before, level) => {
        expect(level, page.kind).toBeLessThanOrEqual(before + 1);
        return level;
      }, 1);
    }
  });

  it('needs nothing that a strict Content-Security-Policy forbids', () => {
    for (const page of samplePages()) {
      const { html } = render(page);
      expect(html).not.toMatch(/<[^>]+\sstyle=/i);
      expect(html).not.toMatch(/<[^>]+\son[a-z]+=/i);
      expect(html).not.toMatch(/<style\b/i);
      for (const script of elements(html, 'script')) expect(script).toMatch(/\ssrc="\/|type="application\/ld\+json"/);
    }
  });

  it('reserves the place of each picture', () => {
    for (const page of samplePages()) {
      for (const img of elements(render(page).html, 'img')) {
        expect(img).toMatch(/\swidth="\d+"/);
        expect(img).toMatch(/\sheight="\d+"/);
        expect(img).toMatch(/\salt[=\s]/);
      }
    }
  });

  it('fetches the largest picture first and only that one eagerly', () => {
    const images = elements(render(onlyKind(samplePages(), 'product')).html, 'img');
    expect(images.filter((img) => /fetchpriority="high"/i.test(img))).toHaveLength(1);
    expect(images.filter((img) => /loading="eager"/.test(img))).toHaveLength(1);
  });

  it('answers with the status that search engines and caches act on', () => {
    const statusOf = (kind: Page['kind']): number => render(onlyKind(samplePages(), kind)).status;
    expect(statusOf('home')).toBe(200);
    expect(statusOf('notFound')).toBe(404);
    expect(statusOf('error')).toBe(500);
    expect(statusOf('unavailable')).toBe(503);
  });

  it('is kept out of search engines when it is one person’s own', () => {
    for (const page of samplePages()) {
      const open = page.kind === 'home' || page.kind === 'product' || (page.kind === 'list' && !page.query.q);
      const { html } = render(page);
      expect(html.includes('name="robots" content="noindex"'), page.kind).toBe(!open);
      expect(html.includes('rel="canonical"'), page.kind).toBe(open);
    }
  });
});

describe('without JavaScript', () => {
  it('each option value is a link to the page with that variant', () => {
    const { html } = render(onlyKind(samplePages(), 'product'));
    expect(html).toContain('href="/products/vase?variant=v2"');
    expect(html).not.toContain('type="radio"');
  });

  it('a product goes into the cart by a form', () => {
    const { html } = render(onlyKind(samplePages(), 'product'));
    const form = elements(html, 'form').find((tag) => tag.includes('class="buy"'));
    expect(form).toContain('method="post"');
    expect(form).toContain('action="/cart/items"');
    expect(html).toContain('name="variantId" value="v1"');
  });

  it('the checkout posts the total that was shown, as a decimal', () => {
    const { html } = render(onlyKind(samplePages(), 'checkout'));
    expect(html).toContain('name="expectedTotal" value="98.00"');
  });
});

function onlyKind(pages: readonly Page[], kind: Page['kind']): Page {
  const page = pages.find((candidate) => candidate.kind === kind);
  if (!page) throw new Error(`no sample of ${kind}`);
  return page;
}
