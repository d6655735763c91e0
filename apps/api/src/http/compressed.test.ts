import type { AddressInfo } from 'node:net';
import express from 'express';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compressed } from './compressed.ts';

const app = express();
app.use(compressed());
app.get('/page', (_req, res) => void res.type('html').send('<p>words</p>'.repeat(500)));
app.get('/live', (_req, res) => {
  res.set({ 'Content-Type': 'text/event-stream' });
  res.flushHeaders();
  res.write('data: 1\n\n');
});
const server = app.listen(0);
let origin = '';

beforeAll(() => {
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const headers = { 'accept-encoding': 'br, gzip' };

test('a page is compressed', async () => {
  const answer = await request(`${origin}/page`, { headers });
  expect(answer.headers['content-encoding']).toBe('br');
  expect((await answer.body.arrayBuffer()).byteLength).toBeLessThan(500);
});

test('a stream of events is not, and its first event arrives while it is open', async () => {
  const answer = await request(`${origin}/live`, { headers });
  expect(answer.headers['content-encoding']).toBeUndefined();
  const [first] = await answer.body.take(1).toArray();
  expect(String(first)).toBe('data: 1\n\n');
});
