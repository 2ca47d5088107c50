import type { LiveLock } from '@meldesync/client';
import type { RecordLock } from '@meldesync/protocol';
import type { CliContext } from '../context.ts';
import { printable } from '../output/text.ts';
import type { People } from '../session/people.ts';

/** Who is editing, since when, and when that may end (R1.4); `me` is told of oneself elsewhere. */
export function describeHolder(
  lock: Pick<LiveLock, 'user' | 'since' | 'endsAt'>,
  name: string,
  { t, dates }: CliContext,
  people: People,
  me?: string,
): string {
  const who = printable(people.nameOf(lock.user) ?? t('lock.someone'));
  const since = dates.short(new Date(lock.since));
  const sentence =
    lock.user === me ? t('lock.heldByYourself', { name, since }) : t('lock.heldBy', { who, name, since });
  if (lock.endsAt === null) return sentence;
  return `${sentence} ${t('lock.endsUnless', { seconds: secondsUntil(lock.endsAt) })}`;
}

/** Whole seconds from now to a time in epoch milliseconds. */
export function secondsUntil(at: number): number {
  return Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/** The times of a lock as the server tells it, on the clock of this machine. */
export function toLiveTimes({ since, endsInMs }: RecordLock): Pick<LiveLock, 'since' | 'endsAt'> {
  return { since: Date.parse(since), endsAt: endsInMs === null ? null : Date.now() + endsInMs };
}

/** A lock for scripts, times in ISO 8601. */
export function liveLockToJson(
  { lock, records, user, since, endsAt }: Pick<LiveLock, 'lock' | 'records' | 'user' | 'since' | 'endsAt'>,
  people: People,
): object {
  return {
    lock,
    records,
    user,
    userName: people.nameOf(user) ?? null,
    since: new Date(since).toISOString(),
    endsAt: endsAt === null ? null : new Date(endsAt).toISOString(),
  };
}
