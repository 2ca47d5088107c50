import type { BusFrame } from '@meldesync/bus';
import { describe, expect, it } from 'vitest';
import { bounded, MAX_PUSHED_CHARACTERS, messagesOf } from './steps.ts';

/** A frame that sets one note; `number` is its place in the feed and, unless said otherwise, its record. */
function frame(number: number, { note = 'short', record = number, changes = 1 } = {}): BusFrame {
  const [id, prev] = [`${number}-0` as const, `${number - 1}-0` as const];
  const at = '2026-01-22T10:00:00.000Z';
  const change = { record, version: number + 1, op: 'update', set: { note }, by: 'user:u1', via: 'web', at };
  const json = JSON.stringify({ id, prev, changes: [change] });
  return { epoch: '0123abcd', id, prev, txid: `${number}`, changes, checksum: number, json };
}

const long = (characters: number) => ({ note: 'n'.repeat(characters) });
const numbers = Array.from({ length: 100 }, (_, index) => index + 1);

describe('what is pushed', () => {
  it('R3.5 R4.2 of many frames no message is longer than a poor line has in time, and none is left out', () => {
    const frames = numbers.map((number) => frame(number, long(2_000)));
    const messages = [...messagesOf(frames, false)];
    expect(Math.max(...messages.map(({ text }) => text.length))).toBeLessThan(MAX_PUSHED_CHARACTERS);
    const sent = messages.flatMap(({ text }) => (JSON.parse(text) as { frames: { id: string }[] }).frames);
    expect(sent.map(({ id }) => id)).toEqual(frames.map(({ id }) => id));
    expect(messages.reduce((sum, { frameCount }) => sum + frameCount, 0)).toBe(frames.length);
  });

  it('R3.5 a frame that is too long or changes too much is a range in its place', () => {
    const range = { from: '6-0', to: '7-0', txids: ['7'], checksum: 7 };
    expect(bounded(frame(7, long(MAX_PUSHED_CHARACTERS)))).toEqual({ ...range, changes: 1 });
    expect(bounded(frame(7, { changes: 301 }))).toEqual({ ...range, changes: 301 });
    expect(bounded(frame(7, { changes: 300 }))).toEqual(frame(7, { changes: 300 }));
  });

  it('P62 R3.5 of a range that many are told of at once each is told to begin at a moment of its own', () => {
    const range = { from: '0-0', to: '1-0', changes: 500, txids: [], checksum: null };
    const read = (sockets: number) =>
      [...messagesOf([range], false, 0, sockets)].map(({ text }) => JSON.parse(text).spreadMs);
    expect([1, 10, 100, 10_000].map(read)).toEqual([[undefined], [undefined], [2_000], [5_000]]);
  });

  it('R4.5 for a slow connection the same record is sent once, however often it changed', () => {
    const frames = numbers.map((number) => frame(number, { ...long(2_000), record: 1 }));
    const [message, ...others] = messagesOf(frames, true);
    expect(others).toEqual([]);
    expect(JSON.parse(message?.text ?? '')).toMatchObject({
      type: 'frames',
      frames: [{ id: '100-0', prev: '0-0', changes: [{ record: 1, version: 101 }] }],
    });
  });

  it('R4.5 what is too much for a slow connection even when merged is a range, which it pulls', () => {
    const frames = numbers.map((number) => frame(number, long(2_000)));
    expect([...messagesOf(frames, true)].map(({ text }) => JSON.parse(text))).toEqual([
      { type: 'range', from: '0-0', to: '100-0', changes: 100 },
    ]);
  });
});
