import type { DBSchema } from 'idb';
import { localDatabase } from './local-database.ts';
import type { Locked } from './lock-value.ts';

/** The form of everything in the database. What is of another form is not read: the service has the truth. */
export const FORM = 1;

/** A copy of a workspace, its parts aside. */
export interface CopyEntry {
  readonly form: number;
  /** The client that may write it. */
  readonly owner: string;
  /** The session under whose key its parts are; null while there are none. */
  readonly session: string | null;
  /** Where it stands in the feed; null while there are no parts. */
  readonly position: unknown;
  /** There are parts from 0 up to this one. */
  readonly parts: number;
}

/** What a key ring is made of again, with the secret beside it (`secret-file.ts`). */
export interface KeyringEntry {
  /** User id. */
  readonly user: string;
  /** The session whose it is, as the service names it to its browser. */
  readonly session: string;
  /** Epoch milliseconds; it opens nothing after that. */
  readonly until: number;
  readonly idleMs: number;
  /** What the service gave, to derive from; no script can read it. */
  readonly base: CryptoKey;
  /** The pairs that edits are sealed with, under the key of the copy. */
  readonly sealing: Locked;
}

/** What is kept of the person who is signed in. All of it goes when they sign out. */
interface KeptSchema extends DBSchema {
  keyring: { key: 'keyring'; value: KeyringEntry };
  /** Who is signed in, and their colleagues. */
  answers: { key: string; value: Locked };
  /** Keys begin with the person and the workspace: `<user>/<workspace>`. */
  copies: { key: string; value: CopyEntry };
  parts: { key: [copy: string, part: number]; value: Locked };
}

export const keptDatabase = localDatabase<KeptSchema>('meldesync-kept', FORM, [
  'keyring',
  'answers',
  'copies',
  'parts',
]);
