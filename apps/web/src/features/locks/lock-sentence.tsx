import type { LiveLock } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { LockClock } from './lock-clock.tsx';
import classes from './locks.module.css';

interface LockSentenceProps {
  /** Null when it is not known who holds it. */
  readonly lock: Pick<LiveLock, 'since' | 'endsAt'> | null;
  /** The holder's name. */
  readonly name: string;
}

/**
 * Who edits the case, and since when; or that they are out of reach, and how soon the case is free. Screen readers get
 * the sentence without its clock, which would have them speak each second.
 */
export function LockSentence({ lock, name }: LockSentenceProps) {
  const t = useTranslations('locks');
  if (!lock) return t('heldByUnknown');
  const clock = () => (
    <span className={classes.clock}>
      <LockClock lock={lock} />
    </span>
  );
  const isEnding = lock.endsAt !== null;
  return (
    <>
      <span className="visually-hidden">{isEnding ? t('heldEndingSoon', { name }) : t('editing', { name })}</span>
      <span aria-hidden="true">{t.rich(isEnding ? 'heldEnding' : 'heldSince', { name, clock })}</span>
    </>
  );
}
