import type { UpMessage } from './index.ts';

/** Who may say something, of those who are signed in. */
export type MessageAccess =
  /** Whoever the connection was let in for. */
  | 'account'
  /** Members of the workspace that the connection follows. */
  | 'member'
  /** Of them, those who may edit. */
  | 'editor';

/** Who may say what. A new message stands here before it can be sent. */
export const MESSAGE_ACCESS: Readonly<Record<UpMessage['type'], MessageAccess>> = {
  ping: 'account',
  hello: 'member',
  subscribe: 'member',
  attend: 'member',
  diverged: 'member',
  report: 'member',
  edit: 'editor',
  lock: 'editor',
  unlock: 'editor',
};
