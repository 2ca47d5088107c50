import type { Logger } from '@meldesync/telemetry';
import type { Session } from './session.ts';

/** How often sessions whose time is up are looked for. */
const SWEEP_INTERVAL_MS = 15_000;
/** How many look-ups a recheck of everyone makes at a time. */
const RECHECKS_AT_ONCE = 4;

/** All connections of this node. */
export class Sessions implements Disposable {
  readonly #sessions = new Set<Session>();
  readonly #logger: Logger;
  readonly #sweep: NodeJS.Timeout;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#sweep = setInterval(() => {
      const now = Date.now();
      this.#recheck([...this.#sessions].filter((session) => session.expiresAt <= now));
    }, SWEEP_INTERVAL_MS);
  }

  add(session: Session): void {
    this.#sessions.add(session);
  }

  delete(session: Session): void {
    this.#sessions.delete(session);
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#sessions.values();
  }

  /** A person's sessions or roles changed; null when anyone's may have. */
  accessChanged(userId: string | null): void {
    this.#recheck([...this.#sessions].filter((session) => userId === null || session.userId === userId));
  }

  /** Sends every client of a workspace to a snapshot. */
  reset(workspace: string, reason: 'epoch' | 'too-old'): void {
    for (const session of this.#sessions) {
      if (session.state.name === 'welcomed' && session.state.workspace === workspace) session.reset(reason);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweep);
  }

  #recheck(sessions: Session[]): void {
    const next = async (): Promise<void> => {
      for (let session = sessions.pop(); session; session = sessions.pop()) await session.recheckAccess();
    };
    for (let lane = 0; lane < RECHECKS_AT_ONCE; lane++) {
      next().catch((error: unknown) => this.#logger.error({ err: error }, 'could not recheck access'));
    }
  }
}
