import { setTimeout as sleep } from 'node:timers/promises';
import type { TierMs } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { AccessChecks } from './access-checks.ts';
import type { Session } from './session.ts';

/** How often sessions whose time is up are looked for. */
const SWEEP_INTERVAL_MS = 15_000;
/** How often every connection's buffer is looked at. */
const GLANCE_INTERVAL_MS = 1_000;

/** How far apart the batches are in which clients are sent away, and how long it takes for each of them. */
const DRAIN_BATCH_EVERY_MS = 100;
const DRAIN_MS_PER_CLIENT = 2;
const MAX_DRAIN_MS = 15_000;
/** How long what clients have asked for may still take. */
const ANSWER_GRACE_MS = 3_000;

/** Over how long this many clients are sent away, so that the other nodes can take them in as they come. */
function drainWindowMs(clients: number): number {
  return Math.min(MAX_DRAIN_MS, clients * DRAIN_MS_PER_CLIENT);
}

/** A moment at which one client is to come back: others get theirs. */
export function reconnectMoment(): number {
  return Math.random() * DRAIN_BATCH_EVERY_MS * 2;
}

/** All connections of this node. */
export class Sessions implements Disposable {
  readonly #sessions = new Set<Session>();
  readonly #access: AccessChecks;
  readonly #sweep: NodeJS.Timeout;
  readonly #glances: NodeJS.Timeout;

  constructor(logger: Logger) {
    this.#access = new AccessChecks(logger);
    this.#sweep = setInterval(() => {
      const now = Date.now();
      this.#access.giveUp();
      this.#access.check([...this.#sessions].filter((session) => session.expiresAt <= now));
    }, SWEEP_INTERVAL_MS);
    this.#glances = setInterval(() => {
      for (const session of this.#sessions) session.glance();
    }, GLANCE_INTERVAL_MS);
  }

  add(session: Session): void {
    this.#sessions.add(session);
  }

  delete(session: Session): void {
    this.#sessions.delete(session);
    this.#access.forget(session);
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#sessions.values();
  }

  /** How many members get changes that far apart, in milliseconds. */
  countTier(tierMs: TierMs): number {
    let count = 0;
    for (const session of this.#sessions)
      if (session.state.name === 'welcomed' && session.tierMs === tierMs) count += 1;
    return count;
  }

  /** A person's sessions or roles changed; null when anyone's may have. */
  accessChanged(userId: string | null): void {
    this.#access.check([...this.#sessions].filter((session) => userId === null || session.userId === userId));
  }

  /** Sends every client of a workspace to a snapshot. */
  reset(workspace: string, reason: 'epoch' | 'too-old'): void {
    for (const session of this.#sessions) {
      if (session.state.name === 'welcomed' && session.state.workspace === workspace) session.reset(reason);
    }
  }

  /**
   * Sends everyone away in batches, each client with a moment of its own at which to come back. Resolves when all have
   * been told, after the drain window at the latest.
   */
  async drain(): Promise<void> {
    const leaving = [...this.#sessions];
    const batches = Math.ceil(drainWindowMs(leaving.length) / DRAIN_BATCH_EVERY_MS);
    const size = Math.max(1, Math.ceil(leaving.length / Math.max(1, batches)));
    const told: Promise<void>[] = [];
    for (let start = 0; start < leaving.length; start += size) {
      if (start > 0) await sleep(DRAIN_BATCH_EVERY_MS);
      for (const session of leaving.slice(start, start + size)) {
        told.push(session.drain(reconnectMoment()));
      }
    }
    // An edit that hangs must not keep the node: its client sends it again elsewhere, under the same operation.
    await Promise.race([Promise.all(told), sleep(ANSWER_GRACE_MS)]);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweep);
    clearInterval(this.#glances);
    this.#access[Symbol.dispose]();
  }
}
