import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { leafHash, merkleRoot } from './seal-hash.ts';

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (text: string): Buffer => sha256(Buffer.from([0]), Buffer.from(text));
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.from([1]), left, right);

test('the root of seven leaves is that of RFC 6962', () => {
  const [a, b, c, d, e, f, g] = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(leaf) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  expect(merkleRoot([a, b, c, d, e, f, g])).toEqual(node(node(node(a, b), node(c, d)), node(node(e, f), g)));
  expect(merkleRoot([a])).toEqual(a);
});

test('no two rows are written alike, wherever their fields end', () => {
  const fields = [null, '', 'a', 'b', 'ab', '\u0000', '\u0001', '\u0000\u0001a'];
  const rows = [...fields.map((f) => [f]), ...fields.flatMap((f) => fields.map((g) => [f, g])), [null, null, null]];
  expect(new Set(rows.map((row) => leafHash(row).toString('hex'))).size).toBe(rows.length);
});
