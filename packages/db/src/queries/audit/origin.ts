import type { Author } from '../administration/act.ts';

/** Where something comes from, as the trail names it. */
export interface Origin {
  readonly sessionId: string | null;
  /** The network address. */
  readonly address: string | null;
}

/** What nobody says where it comes from. */
export const NOWHERE: Origin = { sessionId: null, address: null };

/** A person as the author of what they do. */
export function authorOf(userId: string, { sessionId, address }: Origin = NOWHERE): Author {
  return { actor: `user:${userId}`, sessionId, address };
}
