import type { Origin } from '@meldesync/db';
import { type EditItem, type EditOutcome, limitedRole, type Me, type SessionLimits } from '@meldesync/protocol';
import { CodedError } from '../coded-error.ts';
import { type EditServices, performEdit } from '../edits/perform-edit.ts';
import { watchedEdit } from '../edits/watched-edit.ts';
import type { FramePages, FramesRequest } from '../frames/frame-pages.ts';
import type { PathWatch } from '../path/path-watch.ts';
import type { NodeRuntime } from '../runtime.ts';
import type { PageRequest, SnapshotPages } from '../snapshot/snapshot-pages.ts';
import type { Access, Identity } from './identity.ts';
import { inTime } from './in-time.ts';
import { type Failure, judgeFailure } from './judge-failure.ts';
import { EDIT_LIMIT_MS } from './limits.ts';
import type { NodeDatabase } from './node-database.ts';
import { isServiceFailure } from './service-failure.ts';

export interface ApiAnswersOptions {
  readonly database: Pick<NodeDatabase, 'memberships' | 'troubleOf'>;
  readonly edits: EditServices;
  readonly path: PathWatch;
  readonly runtime: Pick<NodeRuntime, 'after'>;
  readonly snapshots: SnapshotPages;
  readonly frames: FramePages;
}

/** An edit that came over HTTP. */
export interface ApiEdit {
  readonly workspaceId: string;
  readonly userId: string;
  /** Of the session that it came in. */
  readonly limits?: SessionLimits | undefined;
  /** That session and the network address, for the trail. */
  readonly origin?: Origin | undefined;
  readonly operation: string;
  readonly items: readonly EditItem[];
  /** Of the request (W3C Trace Context). */
  readonly traceparent?: string | undefined;
}

/** What the API answers to who is signed in and, in a workspace, a member. `judgeFailure` says how what it throws is answered. */
export class ApiAnswers {
  readonly #options: ApiAnswersOptions;

  constructor(options: ApiAnswersOptions) {
    this.#options = options;
  }

  /** The signed-in person and their workspaces. */
  async me(identity: Access & Pick<Identity, 'name' | 'email' | 'isInstallationAdmin'>): Promise<Me> {
    const { userId, name, email, isInstallationAdmin } = identity;
    const workspaces = await this.memberships(identity);
    return { user: { id: userId, name, email, isInstallationAdmin }, workspaces };
  }

  /** The workspaces that a session may be used for, with the role that it has there. */
  async memberships(access: Access): Promise<Me['workspaces']> {
    const all = await this.#options.database.memberships(access.userId);
    return all.flatMap((one) => {
      const role = limitedRole(one.role, one.id, access);
      return role ? { ...one, role } : [];
    });
  }

  /** A page of the workspace's state, encoded JSON. Throws `FeedNotReadyError` and `SnapshotNotReadyError`. */
  snapshotPage(request: PageRequest, made?: (tookMs: number) => void): Promise<Buffer> {
    return this.#options.snapshots.page(request, made);
  }

  /**
   * A page of what follows on a cursor, encoded JSON. Throws `CursorTooOldError`, `CursorUnknownError`, `FramesNotReadyError`
   * and `FeedNotReadyError`.
   */
  framesPage(request: FramesRequest, made?: (tookMs: number) => void): Promise<Buffer> {
    return this.#options.frames.page(request, made);
  }

  /** Carries an edit out: an outcome per item. Throws a `CodedError` when the edit as a whole was refused. */
  async edit(order: ApiEdit): Promise<EditOutcome[]> {
    const { edits, runtime, path } = this.#options;
    const { traceparent, ...wanted } = order;
    const result = await watchedEdit(
      path,
      { traceparent, via: 'api', items: order.items.length, waitedMs: 0, person: order.userId, mayTell: false },
      (watch) => inTime(performEdit(edits, { ...wanted, via: 'api', watch }), EDIT_LIMIT_MS, runtime),
      (error) => isServiceFailure(error, this.#options.database),
    );
    if ('refused' in result) throw new CodedError(result.refused, `the edit was refused: ${result.refused}`);
    return result.outcomes;
  }

  /** What is answered to a request that failed. */
  judgeFailure(error: unknown): Failure {
    return judgeFailure(error, (trouble) => this.#options.database.troubleOf(trouble));
  }
}
