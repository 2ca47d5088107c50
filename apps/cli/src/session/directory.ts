import type { AppliedChange } from '@meldesync/client';
import { SyncError } from '@meldesync/client';
import { PERSON_FIELDS } from '@meldesync/domain';
import type { Translate } from '../messages/translator.ts';
import { createPeople, type People } from './people.ts';
import type { WorkspaceService } from './service.ts';

/** The names of a workspace's members over a long time: someone may join while we watch. */
export interface Directory {
  /** The people, asked for anew when the changes name someone unknown. */
  peopleFor(changes: readonly AppliedChange[]): Promise<People>;
}

export function createDirectory({ api, workspace }: WorkspaceService, t: Translate): Directory {
  let people = createPeople([], t);
  // Someone who left stays unknown: asked for once.
  const asked = new Set<string>();
  return {
    async peopleFor(changes) {
      const ids = new Set(changes.flatMap(userIdsOf));
      const unknown = [...ids].filter((id) => people.nameOf(id) === undefined && !asked.has(id));
      if (unknown.length > 0) {
        for (const id of unknown) asked.add(id);
        people = await api.members(workspace.id).then(
          (members) => createPeople(members, t),
          (error: unknown) => {
            if (!(error instanceof SyncError && error.retryable)) throw error;
            // Without an answer the line is shown without the name, and the next change asks again.
            for (const id of unknown) asked.delete(id);
            return people;
          },
        );
      }
      return people;
    },
  };
}

function userIdsOf({ change, before, after }: AppliedChange): string[] {
  const actor = change.by.startsWith('user:') ? [change.by.slice('user:'.length)] : [];
  const named = PERSON_FIELDS.flatMap((field) => [before?.[field] ?? [], after?.[field] ?? []].flat());
  return [...actor, ...named];
}
