import type { DownMessage } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { isFrameList } from './check-frames.ts';
import { decode } from './decode.ts';

const read = (data: unknown) => decode(data, isFrameList);

const LOCK = {
  lock: '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11',
  records: [1, 2],
  user: 'u',
  instance: 'instance-1',
  since: '2026-01-01T00:00:00Z',
  endsInMs: null,
};

const MESSAGES: { readonly [Type in DownMessage['type']]: Extract<DownMessage, { type: Type }> } = {
  welcome: { type: 'welcome', session: 's', node: 'n', user: 'u', role: 'editor', epoch: '00000001' },
  subscribed: { type: 'subscribed', head: '12-0' },
  frames: { type: 'frames', frames: [{ id: '12-0', prev: '0-0', changes: [] }] },
  range: { type: 'range', from: '0-0', to: '1-0', changes: 200 },
  reset: { type: 'reset', reason: 'too-old' },
  edited: { type: 'edited', operation: 'operation-1', outcomes: [{ record: 1, outcome: 'accepted', version: 2 }] },
  import: {
    type: 'import',
    import: {
      id: '7f1b2c1e-4a5d-4f6e-8a9b-0c1d2e3f4a5b',
      filename: 'a.csv',
      sizeBytes: 1,
      status: 'running',
      rows: { new: 1, updated: 0, unchanged: 0, rejected: 0, warned: 0 },
      progress: 0.5,
      error: null,
      createdAt: '2026-01-01T00:00:00Z',
      finishedAt: null,
      createdBy: 'u',
      cancelledBy: null,
      continuedBy: null,
    },
  },
  'lock-granted': { type: 'lock-granted', request: 'r', lock: LOCK },
  'lock-held': { type: 'lock-held', request: 'r', locks: [LOCK] },
  tier: { type: 'tier', everyMs: 1_000 },
  behind: { type: 'behind' },
  freshness: { type: 'freshness', ageMs: 7_000 },
  unlocked: { type: 'unlocked', request: 'r' },
  locks: { type: 'locks', full: true, set: [LOCK], ended: [{ lock: LOCK.lock, reason: 'taken-away', by: 'user:u' }] },
  presence: { type: 'presence', people: [{ user: 'u', kinds: ['web'], records: [1] }], total: 1 },
  administration: { type: 'administration' },
  role: { type: 'role', role: 'viewer' },
  pong: { type: 'pong', sentAt: 1 },
  error: { type: 'error', code: 'rate-limited' },
};

describe('decode', () => {
  it('reads every message of the protocol', () => {
    for (const message of Object.values(MESSAGES)) {
      const decoded = read(JSON.stringify(message));
      if (message.type === 'frames') expect(decoded).toEqual({ kind: 'frames', frames: message.frames });
      else expect(decoded).toEqual({ kind: 'message', message });
    }
  });

  it.each([
    ['text that is not JSON', '{'],
    ['a JSON value that is no object', '"frames"'],
    ['null', 'null'],
    ['an object without a type', '{}'],
    ['binary data', new Uint8Array([123, 125])],
    ['frames that are none', '{"type":"frames","frames":[{"id":"x"}]}'],
    ['no frames at all', '{"type":"frames","frames":[]}'],
    ['a message with a wrong field', '{"type":"subscribed","head":"x"}'],
  ])('calls %s malformed', (_name, data) => {
    expect(read(data).kind).toBe('malformed');
  });

  it('names the place of a fault and not the content', () => {
    const secret = 'F-10234';
    const outcomes = [{ record: 1, outcome: 'conflict', baseVersion: 1, current: { id: 1, caseId: secret } }];
    const decoded = read(JSON.stringify({ ...MESSAGES.edited, outcomes }));
    expect(decoded).toMatchObject({ kind: 'malformed', reason: expect.stringContaining('outcomes.0.current') });
    expect(JSON.stringify(decoded)).not.toContain(secret);
  });

  it('lets messages of a newer version pass', () => {
    expect(read('{"type":"from-the-future","people":[]}')).toEqual({ kind: 'unknown' });
    expect(read('{"type":"toString"}')).toEqual({ kind: 'unknown' });
  });
});
