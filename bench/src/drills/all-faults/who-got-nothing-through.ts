import type { HistoryEvent } from '@meldesync/testkit';

/** Of those who edited, the ones of whom nothing was ever carried out: nothing was tried of what they stand for. */
export function whoGotNothingThrough(history: readonly HistoryEvent[]): string[] {
  const through = new Set(
    history.flatMap((event) => {
      if (event.kind === 'import-ended') return [event.who];
      const isCarriedOut =
        event.kind === 'edit-answered' && event.outcomes.some(({ outcome }) => outcome === 'accepted');
      return isCarriedOut ? [event.who] : [];
    }),
  );
  const tried = history.flatMap(({ kind, who }) => (kind === 'edit-sent' || kind === 'import-sent' ? [who] : []));
  return [...new Set(['psql', ...tried])].filter((who) => !through.has(who));
}
