import type { DownMessage } from '@meldesync/protocol';

/**
 * What is lost with a message that cannot be read, and no more (P45): the answer to something that was asked; the feed, which
 * a snapshot brings back over the same connection; what it told, which the next one tells again; or the connection, without
 * which nothing goes on.
 */
export type MalformedCost = 'answer' | 'feed' | 'news' | 'connection';

const COSTS: { readonly [Type in DownMessage['type']]: MalformedCost } = {
  welcome: 'connection',
  subscribed: 'connection',
  frames: 'feed',
  range: 'feed',
  reset: 'feed',
  edited: 'answer',
  'lock-granted': 'answer',
  'lock-held': 'answer',
  unlocked: 'answer',
  error: 'answer',
  locks: 'news',
  presence: 'news',
  tier: 'news',
  behind: 'feed',
  freshness: 'news',
  import: 'news',
  administration: 'news',
  role: 'news',
  pong: 'news',
};

/** What a malformed message costs. One whose type cannot be read may have been frames. */
export function malformedCost(type: DownMessage['type'] | undefined): MalformedCost {
  return type === undefined ? 'feed' : COSTS[type];
}
