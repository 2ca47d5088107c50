import type { AwayReason, Reset, ServiceLevel } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Trail } from '../../audit/trail.ts';
import type { HeldBytes } from '../../budgets/held-bytes.ts';
import type { EditOrder, EditResult } from '../../edits/perform-edit.ts';
import type { Feeds } from '../../feed/feeds.ts';
import type { NodeLocks } from '../../locks/node-locks.ts';
import type { PathWatch } from '../../path/path-watch.ts';
import type { NodePresence } from '../../presence/node-presence.ts';
import type { NodeRuntime } from '../../runtime.ts';
import type { Audience } from '../audience.ts';
import type { Closed } from '../closed-by.ts';
import type { Freshness } from '../freshness.ts';
import type { NoteInput } from '../identity.ts';
import type { NodeDatabase } from '../node-database.ts';
import type { PeopleHere } from '../people-here.ts';
import type { SharedRoles } from '../shared-roles.ts';
import type { WorkspacesHere } from '../workspaces-here.ts';

/** What is counted of connections. */
export interface ConnectionObserver {
  /** A client is live, or needs a snapshot and why. */
  readonly onSubscribed: (outcome: 'live' | Reset['reason']) => void;
  /** It lacked so many frames; of a range, so many changes. */
  readonly onCaughtUp: (frames: number) => void;
  /** A client came back, and says what had ended its connection before. */
  readonly onReconnect: (reason: AwayReason) => void;
  /** A connection is over, also one that was never let in. */
  readonly onClosed: (closed: Closed) => void;
  /** A client has asked for a lock and was answered. */
  readonly onLockAsked: (outcome: LockAsked, durationMs: number) => void;
}

/** How a question for a lock ended: somebody has it, it may not be, or nobody knows. */
export type LockAsked = 'granted' | 'held' | 'refused' | 'failed';

/** What the connections of a node share. */
export interface ConnectionContext extends ConnectionObserver {
  readonly nodeName: string;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  readonly trail: Trail;
  readonly database: Pick<NodeDatabase, 'sessionRole' | 'knownRecords' | 'troubleOf'>;
  /** The person of a session was there. */
  readonly noteInput: NoteInput;
  readonly performEdit: (order: EditOrder) => Promise<EditResult>;
  /** Bytes of the edits that were not answered yet, by connection. */
  readonly unanswered: HeldBytes;
  /** What each person has of this node, with all of their connections. */
  readonly people: PeopleHere;
  /** For connections that begin; whoever has begun asks the database itself. */
  readonly roles: SharedRoles;
  readonly audience: Audience;
  /** The workspaces that connections need. */
  readonly here: Pick<WorkspacesHere, 'enter' | 'leave'>;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  readonly presence: NodePresence;
  /** Whether this node hears what happens. */
  readonly freshness: Pick<Freshness, 'state' | 'ageMs'>;
  /** Follows edits up to the screens of clients. */
  readonly path: PathWatch;
  /** At which level the cluster works. */
  readonly level: () => ServiceLevel;
  /** A client found that its state had gone wrong. */
  readonly onDiverged: (workspace: string) => void;
}
