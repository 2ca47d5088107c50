import type { findOpenLocks, OpenLock } from '@meldesync/db';
import type { LockService } from '@meldesync/locks';
import type { Logger } from '@meldesync/telemetry';
import type { Trail } from '../audit/trail.ts';
import type { NodeRuntime } from '../runtime.ts';
import { lockLost } from './lock-notices.ts';

export interface LockSettlementOptions {
  /** Locks of whose end nothing is on record. */
  readonly find: (after: number | undefined) => ReturnType<typeof findOpenLocks>;
  readonly service: Pick<LockService, 'read'>;
  readonly trail: Trail;
  readonly runtime: Pick<NodeRuntime, 'every'>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 30_000;
/** A lock that was taken so lately may not be in the directory yet. */
const YOUNG_MS = 30_000;

/**
 * Puts on record that locks were lost of whose end nobody else tells: their node died, or Redis lost them and nobody was left who kept
 * them. Each node looks; one entry comes of it. A lock must be missing twice, since a Redis that came back empty is filled again.
 */
export function settleLocks(options: LockSettlementOptions): Disposable {
  const { find, service, trail, runtime, logger, intervalMs = INTERVAL_MS } = options;
  let after: number | undefined;
  let lastBefore: number | undefined;
  let missing: ReadonlySet<string> = new Set();
  let isLooking = false;

  const look = async (): Promise<void> => {
    const { open, last } = await find(after);
    const old = open.filter(({ ageMs }) => ageMs >= YOUNG_MS);
    const living = await livingLocks(service, new Set(old.map(({ workspace }) => workspace)));
    const gone = old.filter(({ lock }) => !living.has(lock));
    for (const one of gone) if (missing.has(one.lock)) trail.note(lostOf(one));
    missing = new Set(gone.map(({ lock }) => lock));
    // What commits late may have an earlier id: one look later it is there.
    const first = open[0];
    const settled = lastBefore ?? after;
    if (settled !== undefined) after = first === undefined ? settled : Math.min(settled, first.id - 1);
    lastBefore = last;
  };

  const timer = runtime.every(intervalMs, () => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => logger.event('locks-unsettled', { err: error }))
      .finally(() => {
        isLooking = false;
      });
  });
  return { [Symbol.dispose]: () => timer.cancel() };
}

async function livingLocks(
  service: Pick<LockService, 'read'>,
  workspaces: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const read = await Promise.all([...workspaces].map((workspace) => service.read(workspace)));
  return new Set(read.flat().map(({ lock }) => lock));
}

function lostOf({ workspace, lock, records, holder, sessionId, address }: OpenLock) {
  return lockLost(workspace, { lock, records: [...records], user: holder }, { sessionId, address }, 'expired');
}
