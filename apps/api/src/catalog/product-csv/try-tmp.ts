import { readProductCsv } from './read-product-csv.ts';
import { sanitizeProductHtml } from './sanitize-product-html.ts';
import { currency } from '@souk/domain/shared';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
const eur = currency('EUR')!;
async function* gen() {
  yield Buffer.from('Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src,Status\n');
  for (let i = 0; i < 100_000; i++) yield Buffer.from(`product-${i},Product ${i} größer,"<p>Body ${i} ""quoted"", with comma</p>\n<p>${'lorem ipsum '.repeat(20)}</p>",Acme,Mug,"a, b",TRUE,Title,Default Title,SKU-${i},5,10.00,https://example.com/${i}.jpg,active\n`);
}
if (process.argv[2] === 'gen') { await pipeline(gen(), createWriteStream('/tmp/product-csv/big.csv')); process.exit(); }
const t = performance.now(); let n = 0, max = 0; const base = process.memoryUsage().rss;
for await (const e of readProductCsv(createReadStream('/tmp/product-csv/big.csv'), { currency: eur, sanitizeHtml: process.argv[2] ? sanitizeProductHtml : undefined as never })) { n++; if (n % 1000 === 0) max = Math.max(max, process.memoryUsage().rss); }
console.log(Math.round(performance.now() - t), 'ms', (max - base) / 1e6, 'MB');
