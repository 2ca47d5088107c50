import type { OperationsLock } from '@meldesync/protocol';
import type { Service } from '../session/service.ts';

/** The name of who holds a lock; undefined where it is not known. */
export type NameOf = (user: string) => string | undefined;

/** Makes the question who the holders of locks are. A workspace is asked for its people when somebody in it is not known yet. */
export function createHolders({ api }: Service): (locks: readonly OperationsLock[]) => Promise<NameOf> {
  const names = new Map<string, string>();
  const askedFor = new Set<string>();
  return async (locks) => {
    const unknown = locks.filter(({ user }) => !names.has(user) && !askedFor.has(user));
    for (const { user } of unknown) askedFor.add(user);
    const workspaces = [...new Set(unknown.map(({ workspace }) => workspace))];
    const members = await Promise.all(workspaces.map((workspace) => api.members(workspace)));
    for (const { id, name } of members.flat()) names.set(id, name);
    return (user) => names.get(user);
  };
}
