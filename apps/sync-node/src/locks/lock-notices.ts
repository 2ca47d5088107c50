import type { NewEvent, NewNotice, Origin } from '@meldesync/db';
import type { StoredLock } from '@meldesync/locks';
import { noticeOf } from '../audit/trail.ts';

/** A lock ends once, whoever notices it: a heartbeat that crosses its end writes it into Redis again, and it is ended again. */
const ONLY_END = ['lock-released', 'lock-lost', 'lock-taken-away'] as const;

type HeldLock = Pick<StoredLock, 'lock' | 'records' | 'user'>;

/** A client was granted a lock. */
export function lockTaken(workspace: string, lock: StoredLock, origin: Origin): NewNotice {
  const { records, instance, connection } = lock;
  return noticeOf(lock.user, origin, {
    kind: 'lock-taken',
    workspace,
    subject: `lock:${lock.lock}`,
    after: { records, instance, connection },
  });
}

/** Its holder, or the node for them, has given a lock back; `taken-over`: in another window they go on. */
export function lockReleased(
  workspace: string,
  lock: StoredLock,
  origin: Origin,
  reason: 'released' | 'taken-over' | 'connection-closed' | 'role-changed',
): NewNotice {
  return noticeOf(lock.user, origin, {
    kind: 'lock-released',
    workspace,
    subject: `lock:${lock.lock}`,
    before: heldBy(lock),
    after: { reason },
    unless: ONLY_END,
  });
}

/** A lock has ended though nobody ended it: its time was over, or Redis has it no more. */
export function lockLost(workspace: string, lock: HeldLock, origin: Origin, reason: 'expired' | 'lost'): NewNotice {
  return {
    ...noticeOf(lock.user, origin, {
      kind: 'lock-lost',
      workspace,
      subject: `lock:${lock.lock}`,
      before: heldBy(lock),
      after: { reason },
      unless: ONLY_END,
    }),
    // Nobody did so.
    actor: 'system',
  };
}

/** Somebody else takes a lock away. */
export function lockTakenAway(workspace: string, lock: StoredLock): NewEvent {
  return { kind: 'lock-taken-away', workspaceId: workspace, subject: `lock:${lock.lock}`, before: heldBy(lock) };
}

function heldBy({ records, user }: HeldLock) {
  return { records, holder: `user:${user}` };
}
