import { lazy, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { isTyping } from '../../ui/is-typing.ts';
import { showMessage } from '../../ui/messages.tsx';
import { WhenLoaded } from '../../ui/when-loaded.tsx';
import { useDecide } from './use-decide.ts';
import { useOfferStored } from './use-offer-stored.ts';

const load = async () => ({ default: (await import('./conflict-dialog.tsx')).ConflictDialog });
const ConflictDialog = lazy(load);

/** Asks about the conflicts of this tab, one after the other, but never in the middle of what someone types. */
export function ConflictHost() {
  const { conflicts } = useSync();
  const { open, decided, isPutOff } = useSyncExternalStore(conflicts.subscribe, conflicts.getSnapshot);
  useOfferStored();
  const [conflict] = open;
  const isHeldBack = useHeldBack(conflict !== undefined && !isPutOff);
  const { decide, decideAll, putOff } = useDecide();
  if (!conflict || isPutOff || isHeldBack) return null;
  return (
    <WhenLoaded load={load} onFailed={conflicts.putOff}>
      <ConflictDialog
        conflict={conflict}
        number={decided + 1}
        count={decided + open.length}
        onDecide={decide}
        onDecideAll={decideAll}
        onPutOff={putOff}
      />
    </WhenLoaded>
  );
}

/** Whether a text field has the focus that was being typed in when the conflict came; a message says that one waits. */
function useHeldBack(isWanted: boolean): boolean {
  const t = useTranslations('conflicts');
  const [isHeldBack, setHeldBack] = useState(false);
  const [wasWanted, setWasWanted] = useState(false);
  if (isWanted !== wasWanted) {
    setWasWanted(isWanted);
    setHeldBack(isWanted && isTyping(document.activeElement));
  }
  useEffect(() => {
    if (!isHeldBack) return undefined;
    showMessage({ id: 'conflict-later', color: 'yellow', title: t('laterTitle'), message: t('later') });
    const onBlur = ({ relatedTarget }: FocusEvent): void => {
      // Who only looks into another window is not done here: the text field keeps the focus for their return.
      if (document.hasFocus()) setHeldBack(isTyping(relatedTarget));
    };
    document.addEventListener('focusout', onBlur);
    return () => document.removeEventListener('focusout', onBlur);
  }, [isHeldBack, t]);
  return isHeldBack;
}
