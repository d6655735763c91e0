import { sanitizeProductHtml } from './sanitize-product-html.ts';
let max = 0; const base = process.memoryUsage().rss;
for (let i = 0; i < 100_000; i++) { sanitizeProductHtml(`<p>Body ${i} "quoted"", with comma</p>\n<p>${'lorem ipsum '.repeat(20)}</p>`);  if (i % 1000 === 0) max = Math.max(max, process.memoryUsage().rss); }
console.log((max - base) / 1e6, 'MB sanitize only');
