import { frame } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuiltFrame, FrameBuilder } from './frame-builder.ts';
import type { ChangeRow } from './replication/change-row.ts';

const COMMIT_LSN = '18446744073709551615';

function row(record: number, workspace: string, after = '{"done":true}'): ChangeRow {
  return {
    txid: '7',
    workspace_id: workspace,
    record_id: String(record),
    version: '2',
    op: 'update',
    after,
    actor: 'user:anna',
    via: 'web',
    operation: null,
    at: '2026-01-22 10:00:00.123456+00',
  };
}

/** The frames of a transaction, as they would be sent. */
function build(rows: readonly ChangeRow[], rangeThreshold = 100): BuiltFrame[] {
  const builder = new FrameBuilder(COMMIT_LSN, rangeThreshold);
  const full = rows.flatMap((one) => builder.add(one) ?? []);
  return [...full, ...builder.finish()];
}

function parse({ id, changesJson }: BuiltFrame) {
  return frame.parse(JSON.parse(`{"id":"${id}","prev":"0-0","changes":[${changesJson}]}`));
}

describe('FrameBuilder', () => {
  it('puts a small transaction into one frame, under its commit position', () => {
    const [only, ...others] = build([row(1, 'a'), row(2, 'a')]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ workspace: 'a', id: `${COMMIT_LSN}-0`, txid: '7', changeCount: 2, place: 'alone' });
    expect(only && parse(only).changes.map((change) => change.record)).toEqual([1, 2]);
  });

  it('makes nothing of a transaction without changes', () => {
    expect(build([])).toEqual([]);
  });

  it('R3.5 splits a large transaction into frames of at most 500 changes, in order', () => {
    const frames = build(Array.from({ length: 1_201 }, (_, index) => row(index + 1, 'a')));
    expect(frames.map(({ id, changeCount }) => [id, changeCount])).toEqual([
      [`${COMMIT_LSN}-0`, 500],
      [`${COMMIT_LSN}-1`, 500],
      [`${COMMIT_LSN}-2`, 201],
    ]);
    expect(frames.flatMap((one) => parse(one).changes.map((change) => change.record))).toEqual(
      Array.from({ length: 1_201 }, (_, index) => index + 1),
    );
  });

  it.each([
    [100, ['alone']],
    [101, ['last']],
    [500, ['last']],
    [501, ['before-last', 'last']],
    [1_500, ['before-last', 'before-last', 'last']],
  ])('R3.5 of a transaction of %i changes says which frame is the last', (count, places) => {
    const frames = build(Array.from({ length: count }, (_, index) => row(index + 1, 'a')));
    expect(frames.map(({ place }) => place)).toEqual(places);
  });

  it('R3.5 tells large from small for each workspace', () => {
    const rows = Array.from({ length: 600 }, (_, index) => row(index + 1, index % 100 === 0 ? 'b' : 'a'));
    expect(build(rows).map(({ workspace, place }) => [workspace, place])).toEqual([
      ['a', 'before-last'],
      ['b', 'alone'],
      ['a', 'last'],
    ]);
  });

  it('R3.5 bounds a frame by its size too', () => {
    const note = JSON.stringify({ note: 'x'.repeat(2_000) });
    const frames = build(Array.from({ length: 300 }, (_, index) => row(index + 1, 'a', note)));
    expect(frames.length).toBeGreaterThan(1);
    for (const { changesJson } of frames) expect(changesJson.length).toBeLessThan(256 * 1024);
  });

  it('gives every workspace frames of its own, with ids that count across all of them', () => {
    const workspaces = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(workspaces, { maxLength: 2_000 }), (chosen) => {
        const rows = chosen.map((workspace, index) => row(index + 1, workspace));
        const frames = build(rows);
        expect(frames.map(({ id }) => id)).toEqual(frames.map((_, index) => `${COMMIT_LSN}-${index}`));
        for (const workspace of new Set(chosen)) {
          const sent = frames.filter((one) => one.workspace === workspace).flatMap((one) => parse(one).changes);
          const expected = rows.filter((one) => one.workspace_id === workspace);
          expect(sent.map((change) => String(change.record))).toEqual(expected.map((one) => one.record_id));
        }
        // Read again, the same transaction gives the same frames: Redis refuses them as duplicates.
        expect(build(rows)).toEqual(frames);
      }),
      { numRuns: 20 },
    );
  });
});
