import type { LiveLock, LockStore } from '@meldesync/client';
import { useEffect } from 'react';
import type { NamedCase } from '../../editing/named-case.ts';
import { hideMessage } from '../../ui/messages.tsx';
import type { FreeWatch } from './free-watch.ts';
import { LockSentence } from './lock-sentence.tsx';
import classes from './locks.module.css';
import { NotifyButton } from './notify-button.tsx';
import { useIsOver } from './use-is-over.ts';

/** What a message about a lock says; all of it is given, because messages stand outside of the workspace. */
export interface LockedMessageProps {
  readonly lock: LiveLock | null;
  /** The holder's name. */
  readonly name: string;
  readonly wish: NamedCase;
  readonly watch: FreeWatch;
  readonly locks: LockStore;
}

/** What someone hears who tried to edit a case that a colleague is editing (R1.4). Goes with the lock. */
export function LockedMessage({ lock, name, wish, watch, locks, id }: LockedMessageProps & { readonly id: string }) {
  const isOver = useIsOver(locks, lock);
  useEffect(() => {
    if (isOver) hideMessage(id);
  }, [isOver, id]);
  return (
    <div className={classes.message}>
      <p>
        <LockSentence lock={lock} name={name} />
      </p>
      <NotifyButton watch={watch} wish={wish} />
    </div>
  );
}
