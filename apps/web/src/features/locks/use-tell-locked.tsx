import type { LiveLock } from '@meldesync/client';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../editing/named-case.ts';
import { usePeople } from '../../people/use-people.tsx';
import { useSync } from '../../sync/sync-context.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { blockingLock } from './lock-to-show.ts';
import { LockedMessage } from './locked-message.tsx';
import { useLockDesk } from './locks-context.ts';
import { UnsavedWhileLocked } from './unsaved-while-locked.tsx';

/** Time enough to read who has it and to ask to be told. */
const SHOWN_MS = 12_000;

/** Says that a colleague edits the case. `unsaved`: what was typed meanwhile, kept for copying. */
export type TellLocked = (lock: LiveLock | null, wish: NamedCase, unsaved?: string) => void;

/** Says it in a message with the offer to be told when the case is free. Trying again and again says it once. */
export function useTellLocked(): TellLocked {
  const t = useTranslations('locks');
  const people = usePeople();
  const { locks } = useSync().client;
  const { watch } = useLockDesk();
  return useCallback(
    (lock, wish, unsaved) => {
      const name = lock ? people.ofUser(lock.user).name : '';
      const given = { lock, name, wish, watch, locks };
      if (unsaved === undefined) {
        const id = `locked-${lock?.lock ?? wish.records.join('-')}`;
        const message = <LockedMessage {...given} id={id} />;
        showMessage({ id, color: 'gray', autoClose: SHOWN_MS, title: t('heldTitle', { row: wish.name }), message });
      } else {
        const message = <UnsavedWhileLocked {...given} text={unsaved} />;
        showMessage({ color: 'yellow', autoClose: false, title: t('unsavedTitle', { row: wish.name }), message });
      }
    },
    [locks, people, t, watch],
  );
}

/** Whether a colleague edits a case right now; if so, says who (R1.4). For the moment someone wants to edit it. */
export function useLockGuard(): (wish: NamedCase) => boolean {
  const { client, user } = useSync();
  const tell = useTellLocked();
  return useCallback(
    (wish) => {
      const lock = blockingLock(client.locks, wish.records, user.id);
      if (lock) tell(lock, wish);
      return lock !== null;
    },
    [client, user.id, tell],
  );
}
