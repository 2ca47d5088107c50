import type { EditItem } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { settlePromises } from '../../test/client-setup.ts';
import { createVirtualTime } from '../../test/virtual-time.ts';
import { SyncError } from '../errors/sync-error.ts';
import { createHttpEdits } from './http-edits.ts';

const ITEMS: readonly EditItem[] = [{ record: 1, baseVersion: 1, set: { note: 'x' } }];

/** A sender of one edit of person a. */
function setUp() {
  const time = createVirtualTime();
  const posts: string[] = [];
  /** Who is signed in, and whether the service can be reached for edits. */
  const service = { user: 'a', isReachable: false };
  let isPending = true;
  let signedOut = 0;
  const sender = createHttpEdits({
    runtime: time.runtime,
    edits: {
      get hasNext() {
        return isPending;
      },
      next: () => (isPending ? { operation: 'operation-1', items: ITEMS } : undefined),
      hasAnswered: false,
      answer() {
        isPending = false;
        return true;
      },
      refuse: () => undefined,
    },
    post() {
      posts.push(service.user);
      if (!service.isReachable) return Promise.reject(new SyncError('unavailable'));
      return Promise.resolve([{ record: 1, outcome: 'accepted', version: 2 }]);
    },
    isSamePerson: () => Promise.resolve(service.user === 'a'),
    refresh: () => Promise.resolve(),
    onSignedOut() {
      signedOut += 1;
      sender.use('nothing');
    },
  });
  return { time, service, sender, posts, isPending: () => isPending, signedOut: () => signedOut };
}

describe('edits over HTTP', () => {
  it('R4.3 are sent again, with backoff, until they are answered', async () => {
    const { time, service, sender, posts, isPending } = setUp();
    sender.use('edits');
    await settlePromises();
    // The first wait of the backoff with a jitter of a half.
    time.advance(1_249);
    await settlePromises();
    expect(posts).toEqual(['a']);
    service.isReachable = true;
    time.advance(1);
    await settlePromises();
    expect([posts, isPending(), time.timers]).toEqual([['a', 'a'], false, 0]);
  });

  it('R4.3 are not sent again for somebody else who has signed in meanwhile', async () => {
    const { time, service, sender, posts, isPending, signedOut } = setUp();
    sender.use('edits');
    await settlePromises();
    service.user = 'b';
    service.isReachable = true;
    time.advance(30_000);
    await settlePromises();
    expect([posts, isPending(), signedOut()]).toEqual([['a'], true, 1]);
  });
});
