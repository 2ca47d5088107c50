import type { TierMs } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { AccessChecks } from './access-checks.ts';
import type { Connection } from './connection/connection.ts';
import { drainInBatches, drawMoveMs } from './drain.ts';

/** How often connections whose session has ended are looked for. */
const SWEEP_INTERVAL_MS = 15_000;
/** How often every connection's buffer is looked at. */
const GLANCE_INTERVAL_MS = 1_000;

/** All connections of this node. */
export class Connections implements Disposable {
  readonly #connections = new Set<Connection>();
  readonly #runtime: NodeRuntime;
  readonly #access: AccessChecks;
  readonly #sweep: Timer;
  readonly #glances: Timer;

  constructor(runtime: NodeRuntime, logger: Logger) {
    this.#runtime = runtime;
    this.#access = new AccessChecks(runtime, logger);
    this.#sweep = runtime.every(SWEEP_INTERVAL_MS, () => {
      const now = runtime.now();
      this.#access.giveUp();
      this.#access.check([...this.#connections].filter((connection) => connection.expiresAt <= now));
    });
    this.#glances = runtime.every(GLANCE_INTERVAL_MS, () => {
      for (const connection of this.#connections) connection.glance();
    });
  }

  get size(): number {
    return this.#connections.size;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  delete(connection: Connection): void {
    this.#connections.delete(connection);
    this.#access.forget(connection);
  }

  /** How far the connections are. One that is live at a node that does not hear what happens is `stale`. */
  countStates(isStale: boolean): Record<'greeting' | 'loading' | 'live' | 'stale', number> {
    const count = { greeting: 0, loading: 0, live: 0, stale: 0 };
    for (const { state } of this.#connections) {
      if (state.name !== 'welcomed') count.greeting += 1;
      else if (state.feed !== 'live') count.loading += 1;
      else if (isStale) count.stale += 1;
      else count.live += 1;
    }
    return count;
  }

  /** How many members get changes that far apart, in milliseconds. */
  countTier(tierMs: TierMs): number {
    let count = 0;
    for (const connection of this.#connections)
      if (connection.state.name === 'welcomed' && connection.tierMs === tierMs) count += 1;
    return count;
  }

  /** The workspaces whose feed clients of this node follow, each once. */
  followedWorkspaces(): Set<string> {
    const followed = new Set<string>();
    for (const { state } of this.#connections) if (state.name === 'welcomed') followed.add(state.workspace);
    return followed;
  }

  /** A person's sessions or roles changed; null when anyone's may have. */
  accessChanged(userId: string | null): void {
    this.#access.check([...this.#connections].filter((one) => userId === null || one.userId === userId));
  }

  /** Sends every client of a workspace to a snapshot. */
  reset(workspace: string, reason: 'epoch' | 'too-old'): void {
    for (const connection of this.#connections) {
      const { state } = connection;
      if (state.name === 'welcomed' && state.workspace === workspace) connection.reset(reason);
    }
  }

  /** This node does not hear what happens: another may. */
  becameStale(): void {
    const members = [...this.#connections];
    for (const one of members) one.becameStale(drawMoveMs(members.length, this.#runtime));
  }

  /** This node hears it again, and has caught up. */
  becameLive(): void {
    for (const connection of this.#connections) connection.becameLive();
  }

  /** Sends everyone away. Resolves when all have been told, after the drain window at the latest. */
  drain(): Promise<void> {
    return drainInBatches([...this.#connections], this.#runtime);
  }

  [Symbol.dispose](): void {
    this.#sweep.cancel();
    this.#glances.cancel();
    this.#access[Symbol.dispose]();
  }
}
