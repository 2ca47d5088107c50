import type { Reset, ServiceLevel } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { EditOrder, EditResult } from '../../edits/perform-edit.ts';
import type { Feeds } from '../../feed/feeds.ts';
import type { NodeLocks } from '../../locks/node-locks.ts';
import type { NodePresence } from '../../presence/node-presence.ts';
import type { NodeRuntime } from '../../runtime.ts';
import type { Audience } from '../audience.ts';
import type { Freshness } from '../freshness.ts';
import type { OnEdited } from '../measure-edit.ts';
import type { NodeDatabase } from '../node-database.ts';
import type { SharedRoles } from '../shared-roles.ts';

/** What the connections of a node share. */
export interface ConnectionContext {
  readonly nodeName: string;
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
  readonly database: Pick<NodeDatabase, 'sessionRole' | 'knownRecords' | 'troubleOf'>;
  readonly performEdit: (order: EditOrder) => Promise<EditResult>;
  /** For connections that begin; whoever has begun asks the database itself. */
  readonly roles: SharedRoles;
  readonly audience: Audience;
  readonly feeds: Feeds;
  readonly locks: NodeLocks;
  readonly presence: NodePresence;
  /** Whether this node hears what happens. */
  readonly freshness: Pick<Freshness, 'state' | 'ageMs'>;
  /** At which level the cluster works. */
  readonly level: () => ServiceLevel;
  /** An edit was answered. */
  readonly onEdited: OnEdited;
  /** A client found that its state had gone wrong. */
  readonly onDiverged: (workspace: string) => void;
  /** A client is live, or needs a snapshot and why. */
  readonly onSubscribed: (outcome: 'live' | Reset['reason']) => void;
}
