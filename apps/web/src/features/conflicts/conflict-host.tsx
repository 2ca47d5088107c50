import { lazy, useEffect, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { useGoneRecords } from '../../sync/use-gone-records.ts';
import { showMessage } from '../../ui/messages.tsx';
import { WhenLoaded } from '../../ui/when-loaded.tsx';
import { useDecide } from './use-decide.ts';
import { useOfferStored } from './use-offer-stored.ts';
import { useRest } from './use-rest.ts';

const load = async () => ({ default: (await import('./conflict-dialog.tsx')).ConflictDialog });
const ConflictDialog = lazy(load);

/** Asks about the conflicts of this tab, one after the other, but never in the middle of what someone does. */
export function ConflictHost() {
  const { conflicts } = useSync();
  const { open, isPutOff } = useSyncExternalStore(conflicts.subscribe, conflicts.getSnapshot);
  useOfferStored();
  useGoneRecords(conflicts.forget);
  if (open.length === 0 || isPutOff) return null;
  return (
    <WhenLoaded load={load} onFailed={conflicts.putOff}>
      <Question />
    </WhenLoaded>
  );
}

/**
 * The dialog: at once for who asked for it; else when the person rests, and not before its code is there, which takes as long
 * as it takes.
 */
function Question() {
  const t = useTranslations('conflicts');
  const { conflicts } = useSync();
  const { open, decided, isAskedFor } = useSyncExternalStore(conflicts.subscribe, conflicts.getSnapshot);
  const rest = useRest();
  const { decide, decideAll, putOff } = useDecide();
  const isHeldBack = rest === 'busy' && !isAskedFor;
  useEffect(() => {
    if (isHeldBack) showMessage({ id: 'conflict-later', color: 'yellow', title: t('laterTitle'), message: t('later') });
  }, [isHeldBack, t]);
  const [conflict] = open;
  if (!conflict || (rest !== 'rests' && !isAskedFor)) return null;
  return (
    <ConflictDialog
      conflict={conflict}
      number={decided + 1}
      count={decided + open.length}
      isAskedFor={isAskedFor}
      onDecide={decide}
      onDecideAll={decideAll}
      onPutOff={putOff}
    />
  );
}
