import { auditActorName } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useLocale } from 'use-intl';
import { parseActor } from '../../../people/actor.ts';
import { usePeople } from '../../../people/use-people.tsx';

/** Names who did something, by `user:<id>` and the like. */
export function useActorName(): (actor: string) => string {
  const locale = useLocale();
  const people = usePeople();
  return useCallback(
    (actor) => {
      const known = parseActor(actor);
      return known.kind === 'user' ? people.ofUser(known.id).name : auditActorName({ actor, actorName: null }, locale);
    },
    [locale, people],
  );
}
