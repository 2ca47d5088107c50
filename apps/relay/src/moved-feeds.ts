import type { FramePosition } from '@meldesync/protocol';

/** Longer than a node takes to notice that it hears nothing, after which it compares all of its feeds. */
const LATELY_MS = 10_000;
/** More are not named: the nodes then compare all that they follow. */
const MOST_NAMED = 1_000;

/** The workspaces whose feeds have moved lately, the longest ago first. Moments are monotonic milliseconds. */
export class MovedFeeds {
  readonly #moved = new Map<string, { readonly position: FramePosition; readonly at: number }>();

  note(workspace: string, position: FramePosition, now: number): void {
    this.#moved.delete(workspace);
    this.#moved.set(workspace, { position, at: now });
  }

  /** Where they stand, by workspace, but for those `except`; undefined where they are too many to be named. */
  named(now: number, except: (workspace: string) => boolean): Record<string, FramePosition> | undefined {
    for (const [workspace, { at }] of this.#moved) {
      if (now - at < LATELY_MS) break;
      this.#moved.delete(workspace);
    }
    if (this.#moved.size > MOST_NAMED) return undefined;
    const standing = [...this.#moved].filter(([workspace]) => !except(workspace));
    return Object.fromEntries(standing.map(([workspace, { position }]) => [workspace, position]));
  }
}
