import type { NodeRuntime, Timer } from '../runtime.ts';

/** Whoever reloads a page, or comes over HTTP for one page after the other, finds what was there; locks of who is gone are over by then. */
export const LINGER_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

/** What a node has of workspaces beside their connections. */
interface WorkspacesHereOptions {
  readonly runtime: Pick<NodeRuntime, 'every'>;
  readonly feeds: { use(workspace: string): void; unusedFor(ms: number): string[] };
  /** Whether something there is still to be seen to its end, though nobody is connected. */
  readonly isNeeded: (workspace: string) => boolean;
  /** Lets go of all that a workspace has here. */
  readonly letGo: (workspace: string) => void;
}

/**
 * Which workspaces have connections here. Of one that had its last some time ago, and of which nobody has asked for anything since,
 * nothing is followed, kept or looked at any more.
 */
export class WorkspacesHere implements Disposable {
  readonly #options: WorkspacesHereOptions;
  readonly #connections = new Map<string, number>();
  readonly #looks: Timer;

  constructor(options: WorkspacesHereOptions) {
    this.#options = options;
    this.#looks = options.runtime.every(LOOK_EVERY_MS, () => this.#look());
  }

  /** A connection needs a workspace, until it leaves it. */
  enter(workspace: string): void {
    this.#connections.set(workspace, (this.#connections.get(workspace) ?? 0) + 1);
  }

  leave(workspace: string): void {
    const left = (this.#connections.get(workspace) ?? 1) - 1;
    if (left > 0) this.#connections.set(workspace, left);
    else this.#connections.delete(workspace);
    this.#options.feeds.use(workspace);
  }

  has(workspace: string): boolean {
    return this.#connections.has(workspace);
  }

  [Symbol.dispose](): void {
    this.#looks.cancel();
  }

  #look(): void {
    const { feeds, isNeeded, letGo } = this.#options;
    for (const workspace of feeds.unusedFor(LINGER_MS)) {
      if (!this.has(workspace) && !isNeeded(workspace)) letGo(workspace);
    }
  }
}
