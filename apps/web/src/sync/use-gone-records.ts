import { useEffect, useEffectEvent } from 'react';
import { useSync } from './sync-context.tsx';

/**
 * Hears of records that were here and are gone, deleted or erased, so that what a page holds of them beside the store goes too.
 * `onGone` is given which they are.
 */
export function useGoneRecords(onGone: (isGone: (record: number) => boolean) => void): void {
  const { client } = useSync();
  const tell = useEffectEvent(onGone);
  useEffect(
    () =>
      client.store.subscribe((changes) => {
        // A snapshot took the place of what was here: what went then was not told one by one.
        if (changes.length === 0) return tell((record) => client.store.get(record) === undefined);
        const gone = new Set(changes.flatMap(({ before, after }) => (before && !after ? [before.id] : [])));
        if (gone.size > 0) tell((record) => gone.has(record));
      }),
    [client],
  );
}
