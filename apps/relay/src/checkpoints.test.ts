import type { FeedPosition } from '@meldesync/db';
import { comparePositions, ORIGIN } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Checkpoints } from './checkpoints.ts';

const HOLD_BACK_MS = 1_000;

const at = (position: string): FeedPosition => ({ position, checksum: 1 });

describe('Checkpoints', () => {
  it('holds a position back until it is old enough', () => {
    const checkpoints = new Checkpoints();
    checkpoints.advance('a', at('100-0'));
    checkpoints.take('101', 0);
    expect(checkpoints.release(999, HOLD_BACK_MS)).toBeUndefined();
    expect(checkpoints.release(1_000, HOLD_BACK_MS)).toEqual({
      lsn: '101',
      takenAt: 0,
      positions: new Map([['a', at('100-0')]]),
    });
    expect(checkpoints.release(9_000, HOLD_BACK_MS)).toBeUndefined();
  });

  it('makes one of several that are due, with the newest position of each workspace', () => {
    const checkpoints = new Checkpoints();
    checkpoints.advance('a', at('100-0'));
    checkpoints.advance('b', at('100-1'));
    checkpoints.take('101', 0);
    checkpoints.advance('a', at('200-0'));
    checkpoints.take('201', 10);
    checkpoints.advance('a', at('300-0'));
    checkpoints.take('301', 5_000);
    expect(checkpoints.release(1_500, HOLD_BACK_MS)).toEqual({
      lsn: '201',
      takenAt: 10,
      positions: new Map([
        ['a', at('200-0')],
        ['b', at('100-1')],
      ]),
    });
  });

  it('takes none where nothing has happened since the last', () => {
    const checkpoints = new Checkpoints();
    checkpoints.take('101', 0);
    checkpoints.take('101', 900);
    expect(checkpoints.release(1_000, HOLD_BACK_MS)?.takenAt).toBe(0);
    expect(checkpoints.release(1_900, HOLD_BACK_MS)).toBeUndefined();
  });

  it('what it releases is exactly what a WAL read up to there would have given, never more', () => {
    const step = fc.record({
      workspaces: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      waitMs: fc.nat(800),
      takes: fc.boolean(),
      releases: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const checkpoints = new Checkpoints();
        const sent: { lsn: number; workspace: string; at: number }[] = [];
        const confirmed = new Map<string, string>();
        let now = 0;
        let lsn = 0;
        for (const { workspaces, waitMs, takes, releases } of steps) {
          for (const workspace of workspaces) {
            lsn += 1;
            sent.push({ lsn, workspace, at: now });
            checkpoints.advance(workspace, at(`${lsn}-0`));
          }
          if (takes) checkpoints.take(String(lsn), now);
          now += waitMs;
          const due = releases ? checkpoints.release(now, HOLD_BACK_MS) : undefined;
          if (!due) continue;
          for (const [workspace, { position }] of due.positions) confirmed.set(workspace, position);
          for (const workspace of ['a', 'b', 'c']) {
            const upTo = sent.filter((one) => one.workspace === workspace && one.lsn <= Number(due.lsn)).at(-1);
            const expected = upTo ? `${upTo.lsn}-0` : ORIGIN;
            expect(comparePositions(confirmed.get(workspace) ?? ORIGIN, expected)).toBe(0);
            if (upTo) expect(now - upTo.at).toBeGreaterThanOrEqual(HOLD_BACK_MS);
          }
        }
      }),
    );
  });
});
