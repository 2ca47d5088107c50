import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import { useCaseLock } from './use-case-lock.ts';

/** How long a change must last to be read out: what comes and goes at once is not worth the interruption. */
const COLLECT_MS = 1_000;

interface LockAnnouncerProps {
  /** Of the case the person is on. */
  readonly records: readonly { readonly id: number }[];
  /** How it is called in sentences. */
  readonly name: string;
}

/** Reads out when the case someone is on gets locked or free. Mount it anew for another case: arriving is no change. */
export function LockAnnouncer({ records, name }: LockAnnouncerProps) {
  const t = useTranslations('locks');
  const people = usePeople();
  const found = useCaseLock(records);
  const holder = found && !found.isMine ? found.lock.user : null;
  const said = useRef(holder);
  const [text, setText] = useState('');
  const person = holder === null ? null : people.ofUser(holder).name;
  useEffect(() => {
    if (said.current === holder) return undefined;
    const timer = setTimeout(() => {
      said.current = holder;
      setText(person === null ? t('announceFree', { row: name }) : t('announceLocked', { name: person, row: name }));
    }, COLLECT_MS);
    return () => clearTimeout(timer);
  }, [holder, name, person, t]);
  return (
    <div aria-live="polite" className="visually-hidden">
      {text}
    </div>
  );
}
