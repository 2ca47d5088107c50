import { changeChecksum, frame, type Unreadable } from '@meldesync/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
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

const deltaOf = ({ record_id: record, version, op }: ChangeRow) =>
  changeChecksum({ record: Number(record), version: Number(version), op });

let unreadable: Unreadable[] = [];
beforeEach(() => {
  unreadable = [];
});

/** The frames of a transaction, as they would be sent. */
function build(rows: readonly ChangeRow[], rangeThreshold = 100): BuiltFrame[] {
  const builder = new FrameBuilder(COMMIT_LSN, rangeThreshold, (found) => unreadable.push(found));
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

  it('leaves out what no client could read, and what it leads to is in the checksum', () => {
    const bad = [
      { ...row(7, 'w1'), op: 'upsert' },
      { ...row(8, 'w1'), after: '[1]' },
      { ...row(9, 'w1'), after: '{"note":7}' },
      { ...row(10, 'w1'), op: 'insert', after: '{"note":null}' },
    ];
    const [only, ...others] = build([...bad, row(1, 'w1')]);
    expect(others).toEqual([]);
    expect(only && parse(only).changes.map(({ record }) => record)).toEqual([1]);
    expect(only?.checksumDelta).toBe([...bad, row(1, 'w1')].reduce((sum, one) => sum + deltaOf(one), 0));
    expect(unreadable.map(({ place, workspace, record }) => [place, workspace, record])).toEqual(
      [7, 8, 9, 10].map((record) => ['log-change', 'w1', record]),
    );
  });

  it('tells of a change that is left out alone by a frame without any, and of one of no record not at all', () => {
    const [only] = build([{ ...row(7, 'w1'), op: 'upsert' }]);
    expect(only).toMatchObject({ changeCount: 0, changesJson: '', place: 'alone' });
    expect(only && parse(only).changes).toEqual([]);
    expect(build([{ ...row(1, 'w1'), record_id: '-5' }])).toEqual([]);
    expect(build([{ ...row(1, 'w1'), record_id: '9223372036854775807' }])).toEqual([]);
    expect(build([{ ...row(1, 'w1'), version: '0' }])).toEqual([]);
    expect(unreadable).toHaveLength(4);
  });
});
