import type { AuditFilter } from '@meldesync/protocol';
import { auditCursor } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionKeys } from '../auth/session-tokens.ts';
import { AuditCursors, type ListOwner, type ListPlace } from './cursors.ts';

const NOW = 1_800_000_000;
const cursors = new AuditCursors(sessionKeys('a secret of sixteen letters'), () => NOW);
const owner = (filter: AuditFilter = {}): ListOwner => ({
  userId: 'anna',
  sessionId: 'session-1',
  view: { workspaceId: '6f1c52a4-6d5c-4d55-9a43-0e2f4f4b7f10', filter },
});
const HORIZON = {
  snapshot: '100:110:100,103,107',
  final: { change: 1, event: 2 },
  noted: { change: 3, event: 4, until: '110' },
};
const older: ListPlace = {
  way: 'older',
  read: 77,
  begunAt: NOW,
  horizon: HORIZON,
  from: { at: '2026-11-30T16:00:00.000123Z', source: 'event', id: 5 },
};
const newer: ListPlace = { ...older, way: 'newer' };
const since: ListPlace = { way: 'since', read: 77, begunAt: NOW, horizon: HORIZON };

describe('cursors of the trail', () => {
  it('lead back to where they were made', () => {
    for (const place of [older, newer, since]) {
      const cursor = cursors.write(owner(), place);
      expect(auditCursor.safeParse(cursor).success).toBe(true);
      expect(cursors.read(owner(), cursor, place.way)).toEqual(place);
    }
  });

  it('are of one query, person, session and workspace', () => {
    const cursor = cursors.write(owner({ text: 'a', actors: ['user:a', 'user:b'] }), older);
    expect(cursors.read(owner({ actors: ['user:b', 'user:a', 'user:a'], text: 'a' }), cursor, 'older')).toEqual(older);
    const others: ListOwner[] = [
      owner({ text: 'a' }),
      owner(),
      { ...owner({ text: 'a', actors: ['user:a', 'user:b'] }), userId: 'ben' },
      { ...owner({ text: 'a', actors: ['user:a', 'user:b'] }), sessionId: 'session-2' },
      { ...owner(), view: { workspaceId: null, filter: { text: 'a', actors: ['user:a', 'user:b'] } } },
    ];
    for (const other of others)
      expect(() => cursors.read(other, cursor, 'older')).toThrow(
        expect.objectContaining({ code: 'cursor-of-another-query' }),
      );
  });

  it('nobody makes one up, changes one, or uses one the other way or too late', () => {
    const unknown = expect.objectContaining({ code: 'cursor-unknown' });
    const cursor = cursors.write(owner(), older);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_'), (at, letter) => {
        const forged = cursor.slice(0, at) + letter + cursor.slice(at + 1);
        // The last letter has bits that say nothing.
        fc.pre(!Buffer.from(forged, 'base64url').equals(Buffer.from(cursor, 'base64url')));
        expect(() => cursors.read(owner(), forged, 'older')).toThrow(unknown);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/), (made) => {
        expect(() => cursors.read(owner(), made, 'older')).toThrow(unknown);
      }),
    );
    for (const way of ['newer', 'since'] as const) expect(() => cursors.read(owner(), cursor, way)).toThrow(unknown);
    expect(() => cursors.read(owner(), cursors.write(owner(), newer), 'older')).toThrow(unknown);
    expect(() => cursors.read(owner(), cursors.write(owner(), since), 'older')).toThrow(unknown);
    const old = cursors.write(owner(), { ...older, begunAt: NOW - 13 * 3600 });
    expect(() => cursors.read(owner(), old, 'older')).toThrow(unknown);
    const elsewhere = new AuditCursors(sessionKeys('another secret, as long'), () => NOW);
    expect(() => elsewhere.read(owner(), cursor, 'older')).toThrow(unknown);
  });

  it('of the secret before are known', () => {
    const cursor = cursors.write(owner(), older);
    const renewed = new AuditCursors(
      sessionKeys('the next secret of ours', ['a secret of sixteen letters']),
      () => NOW,
    );
    expect(renewed.read(owner(), cursor, 'older')).toEqual(older);
  });

  it('stay short where very many transactions are under way: then more counts as unseen', () => {
    const running = Array.from({ length: 500 }, (_, index) => 9_000_000_000_000 + index * 3).join(',');
    const horizon = { ...HORIZON, snapshot: `9000000000000:9000000009999:${running}` };
    const cursor = cursors.write(owner(), { ...older, horizon });
    expect(auditCursor.safeParse(cursor).success).toBe(true);
    expect(cursors.read(owner(), cursor, 'older').horizon.snapshot).toBe('9000000000000:9000000000000:');
  });

  it('tell nothing of the query', () => {
    const cursor = cursors.write(owner({ case: 'F-Geheim' }), older);
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('Geheim');
  });
});
