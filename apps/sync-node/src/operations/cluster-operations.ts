import { BusUnavailableError } from '@meldesync/bus';
import { authorOf, type Origin } from '@meldesync/db';
import { withTimeout } from '@meldesync/lifecycle';
import { type ClusterStatus, type OperationsMember, UNKNOWN_FEED } from '@meldesync/operations';
import { type Me, type Operations, roleAllows, type SessionLimits, type WantedLevel } from '@meldesync/protocol';
import type { RecordWith } from '../audit/trail.ts';
import type { NodeLocks } from '../locks/node-locks.ts';
import type { ImportQueue } from '../queue/import-queue.ts';

/** Whose rights a session has, and what of them it may use. */
type Access = { readonly userId: string } & SessionLimits;

export interface ClusterOperationsOptions {
  readonly member: OperationsMember;
  readonly importQueue: Pick<ImportQueue, 'counts'>;
  readonly locks: Pick<NodeLocks, 'list'>;
  /** The workspaces that a session may be used for. */
  readonly memberships: (access: Access) => Promise<Me['workspaces']>;
  /** Puts on record that somebody chooses a level, and has it done. */
  readonly recordWith: RecordWith;
}

/** What all who ask at about the same time see of the cluster; many may have the page open. */
const SHARED_MS = 1_000;
/** For locks and queue, once Redis has answered. */
const REST_LIMIT_MS = 400;
const NO_QUEUE: Operations['queue'] = { waiting: 0, active: 0, delayed: 0, failed: 0 };

/** How the whole cluster is and at which level it works, for whoever administers at least one workspace (R5.4). */
export class ClusterOperations {
  readonly #options: ClusterOperationsOptions;
  #shared: { readonly at: number; readonly answer: Promise<ClusterStatus | undefined> } | undefined;

  constructor(options: ClusterOperationsOptions) {
    this.#options = options;
  }

  /** Undefined for who administers nothing. Without Redis it is what this node knows, within 2.5 s. */
  async answer(access: Access): Promise<Operations | undefined> {
    const { member, importQueue } = this.#options;
    const workspaces = await this.#administered(access);
    if (workspaces.length === 0) return undefined;
    const [cluster, own] = await Promise.all([this.#cluster(), member.own()]);
    const at = new Date().toISOString();
    if (!cluster) {
      const process = { ...own, missing: [...own.missing, 'Redis does not answer'] };
      const unknown = { feed: UNKNOWN_FEED, queue: NO_QUEUE, locks: [], history: [] };
      return { at, level: member.level, processes: [process], ...unknown };
    }
    const [queue, locks] = await Promise.all([
      soon(importQueue.counts(), NO_QUEUE),
      Promise.all(workspaces.map((workspace) => soon(this.#locksOf(workspace), []))),
    ]);
    return { at, level: member.level, ...cluster, queue, locks: locks.flat() };
  }

  /** Sets the level, or leaves it to what is measured; false for who administers nothing. */
  async choose(access: Access, level: WantedLevel, origin: Origin): Promise<boolean> {
    if ((await this.#administered(access)).length === 0) return false;
    const { member, recordWith } = this.#options;
    const { name, chosenBy } = member.level;
    const before = { level: chosenBy === 'person' ? name : 'automatic' };
    const author = authorOf(access.userId, origin);
    await recordWith({ author, event: { kind: 'level-chosen', before, after: { level } } }, () =>
      member.choose(level, `user:${access.userId}`),
    );
    return true;
  }

  async #administered(access: Access): Promise<string[]> {
    const workspaces = await this.#options.memberships(access);
    return workspaces.flatMap(({ id, role }) => (roleAllows(role, 'admin') ? id : []));
  }

  /** Undefined where Redis does not answer. */
  #cluster(): Promise<ClusterStatus | undefined> {
    const now = performance.now();
    if (this.#shared && now - this.#shared.at < SHARED_MS) return this.#shared.answer;
    const answer = this.#options.member.all().catch((error: unknown) => {
      if (error instanceof BusUnavailableError) return undefined;
      throw error;
    });
    this.#shared = { at: now, answer };
    return answer;
  }

  async #locksOf(workspace: string): Promise<Operations['locks']> {
    const locks = await this.#options.locks.list(workspace);
    return locks.map(({ lock, records, user, since }) => ({ lock, workspace, records, user, since }));
  }
}

/** What the work comes to, or what stands for it where it fails or takes too long. */
async function soon<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await withTimeout(work, REST_LIMIT_MS, () => otherwise);
  } catch (error) {
    if (error instanceof BusUnavailableError) return otherwise;
    throw error;
  }
}
