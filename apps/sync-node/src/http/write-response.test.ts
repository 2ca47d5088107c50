import type { HttpResponse } from 'uWebSockets.js';
import { expect, it } from 'vitest';
import { writeResponse } from './write-response.ts';

/** A connection that takes so many bytes of a body at a time. */
function connection(takes: number) {
  const taken: Uint8Array[] = [];
  let offset = 0;
  let onWritable: ((offset: number) => boolean) | undefined;
  let isBroken = false;
  const target = {
    writeStatus: () => target,
    writeHeader: () => target,
    end: () => {
      throw new Error('all of it would be copied');
    },
    onWritable: (handler: typeof onWritable) => {
      onWritable = handler;
    },
    tryEnd: (bytes: Uint8Array, total: number) => {
      if (isBroken) throw new Error('broken');
      const part = bytes.subarray(0, takes);
      taken.push(part);
      offset += part.byteLength;
      return [part.byteLength === bytes.byteLength, offset === total];
    },
  };
  return {
    target: target as unknown as HttpResponse,
    taken,
    read: () => onWritable?.(offset),
    break: () => {
      isBroken = true;
    },
  };
}

const body = new Uint8Array(1_000_000).map((_, index) => index);
const answer = { response: new Response(null), body, isHead: false, isLast: false };

it('a large body goes out as it is read, and nothing of it is copied', () => {
  const { target, taken, read } = connection(400_000);
  writeResponse(target, { ...answer, failed: () => expect.unreachable() });
  expect(taken).toHaveLength(1);
  expect([read(), read()]).toEqual([false, true]);
  expect(Buffer.concat(taken).equals(body)).toBe(true);
  for (const part of taken) expect(part.buffer).toBe(body.buffer);
});

it('an error in what uWS calls goes no further', () => {
  const failures: unknown[] = [];
  const line = connection(400_000);
  writeResponse(line.target, { ...answer, failed: (error) => failures.push(error) });
  line.break();
  expect(line.read()).toBe(true);
  expect(failures).toEqual([new Error('broken')]);
});
