import type {
  AccessQuestion,
  EditRecordsInput,
  EditRefusal,
  SessionAccess,
  SnapshotPageInput,
  SnapshotPageResult,
} from '@meldesync/db';
import type { EditOutcome, Me } from '@meldesync/protocol';
import type { RecordWith } from '../audit/trail.ts';
import type { FeedFacts } from '../feed/feeds.ts';
import type { DatabaseTrouble } from './judge-failure.ts';

/** What the node asks of the database. */
export interface NodeDatabase extends FeedFacts {
  /** Whether a session still stands, and the role its person has in a workspace. */
  sessionRole(question: AccessQuestion): Promise<SessionAccess>;
  /** The same for many: an answer for each question, in their order. */
  sessionRoles(questions: readonly AccessQuestion[]): Promise<SessionAccess[]>;
  /** Which of the ids are records of the workspace. */
  knownRecords(input: { workspaceId: string; ids: readonly number[] }): Promise<ReadonlySet<number>>;
  /** Carries an edit out; its outcomes are committed. */
  editRecords(input: EditRecordsInput): Promise<{ outcomes: EditOutcome[] } | { refused: EditRefusal }>;
  /** Puts on record what it does not hold, and has it done, or neither. */
  readonly recordWith: RecordWith;
  /** A page of the workspace's state. */
  snapshotPage(input: SnapshotPageInput): Promise<SnapshotPageResult>;
  /** The workspaces a person belongs to. */
  memberships(userId: string): Promise<Me['workspaces']>;
  /** What an error of its says about when to try again. */
  troubleOf(error: unknown): DatabaseTrouble;
}
