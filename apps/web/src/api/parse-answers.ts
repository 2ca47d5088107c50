import { type Me, type Member, me, memberList } from '@meldesync/protocol';

/** What is known of who is signed in. */
export interface Answers {
  me: Me | null;
  /** By workspace. */
  readonly members: Map<string, readonly Member[]>;
}

/** What was kept of a person; what is none of its own, or another's, is left out. */
export function parseAnswers(value: unknown, user: string): Answers {
  const nothing: Answers = { me: null, members: new Map() };
  if (typeof value !== 'object' || value === null) return nothing;
  const { me: person, members } = value as { me?: unknown; members?: unknown };
  const parsed = me.safeParse(person);
  if (!parsed.success || parsed.data.user.id !== user) return nothing;
  const lists = new Map<string, readonly Member[]>();
  for (const [workspace, list] of Object.entries(members ?? {})) {
    const read = memberList.safeParse({ members: list });
    if (read.success) lists.set(workspace, read.data.members);
  }
  return { me: parsed.data, members: lists };
}
