import type { Administration } from '@meldesync/protocol';
import type { NodeRuntime, Timer } from '../runtime.ts';

/** How long what happens in a workspace is collected before its own screens hear of it. */
const OWN_MS = 250;
/** The same for all others, and of the installation: whoever administers that looks at every workspace, from any. */
const OTHERS_MS = 2_000;

const NEWS = JSON.stringify({ type: 'administration' } satisfies Administration);

interface AdministrationNewsOptions {
  readonly runtime: Pick<NodeRuntime, 'after'>;
  /** Gives a message to every live socket of a workspace. */
  readonly publish: (workspace: string, message: string) => void;
  /** The workspaces that clients of this node follow. */
  readonly followed: () => Iterable<string>;
}

/** Tells screens that people or workspaces were administered (P53): those of the workspace soon, all others a little later. */
export class AdministrationNews implements Disposable {
  readonly #options: AdministrationNewsOptions;
  readonly #changed = new Set<string>();
  #own: Timer | undefined;
  #others: Timer | undefined;

  constructor(options: AdministrationNewsOptions) {
    this.#options = options;
  }

  /** Something was done in the workspace; null for the installation, or when that may have been missed. */
  heard(workspace: string | null): void {
    const { runtime } = this.#options;
    this.#others ??= runtime.after(OTHERS_MS, () => this.#tellAll());
    if (workspace === null) return;
    this.#changed.add(workspace);
    this.#own ??= runtime.after(OWN_MS, () => this.#tellOwn());
  }

  [Symbol.dispose](): void {
    this.#own?.cancel();
    this.#others?.cancel();
  }

  #tellOwn(): void {
    this.#own = undefined;
    for (const workspace of this.#changed) this.#options.publish(workspace, NEWS);
    this.#changed.clear();
  }

  #tellAll(): void {
    this.#others = undefined;
    for (const workspace of this.#options.followed()) this.#options.publish(workspace, NEWS);
  }
}
