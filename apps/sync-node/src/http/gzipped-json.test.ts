import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gzippedJson } from './gzipped-json.ts';
import { readBody } from './whole-body.ts';

const JSON_TEXT = JSON.stringify({ records: Array.from({ length: 1_000 }, (_, id) => ({ id })) });

it('who takes no compression gets the same bytes as all others who ask meanwhile', async () => {
  const page = gzipSync(JSON_TEXT);
  const together = await Promise.all([1, 2].map(async () => readBody(await gzippedJson(page, undefined))));
  const later = await readBody(await gzippedJson(page, 'gzip;q=0'));
  expect(together.map((bytes) => bytes.buffer)).toEqual([later.buffer, later.buffer]);
  for (const bytes of together) expect(bytes.buffer).toBe(later.buffer);
  expect(Buffer.from(later).toString()).toBe(JSON_TEXT);
});

it('a compressed page is never copied', async () => {
  const page = gzipSync(JSON_TEXT);
  const bytes = await readBody(await gzippedJson(page, 'gzip'));
  expect(bytes.buffer).toBe(page.buffer);
  expect(Buffer.from(bytes).equals(page)).toBe(true);
});
