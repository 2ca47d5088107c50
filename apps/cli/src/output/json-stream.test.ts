import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createJsonStream } from './json-stream.ts';
import { steadyJson } from './text.ts';

it.each([0, 1, 3])('a list of %i is the document that would have been written at once', async (count) => {
  const items = Array.from({ length: count }, (_, at) => ({ at, deep: { list: [1], note: 'zwei\u0007\nZeilen' } }));
  const stream = new PassThrough();
  const written = text(stream);
  const document = createJsonStream(stream, { totals: { cases: count } }, 'items');
  for (const item of items) await document.add(item);
  await document.end();
  stream.end();
  expect(await written).toBe(`${steadyJson({ totals: { cases: count }, items }, 2)}\n`);
});

it('waits for a slow reader, and for none that is gone', async () => {
  const stream = new PassThrough({ highWaterMark: 8 });
  const document = createJsonStream(stream, {}, 'items');
  let isAdded = false;
  const adding = document.add('longer than there is room for').then(() => {
    isAdded = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAdded).toBe(false);
  stream.resume();
  await adding;
  stream.pause();
  const next = document.add('longer than there is room for');
  stream.destroy();
  await once(stream, 'close');
  await next;
  expect(stream.listenerCount('drain') + stream.listenerCount('close')).toBe(0);
});
