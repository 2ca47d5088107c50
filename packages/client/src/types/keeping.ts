/**
 * Whether something outlives the client: `full` where there is no room for it now, `failed` where it cannot be written or read, `none`
 * where nothing is to be kept.
 */
export type Kept = 'kept' | 'full' | 'failed' | 'none';

/** What of a client outlives it. */
export interface Keeping {
  /** The edits that wait: where they are not kept they are lost with the page. */
  readonly edits: Kept;
  /** The copy of the store: where it is not kept, nothing is shown before there is a connection. */
  readonly copy: Kept;
}
