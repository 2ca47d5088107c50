import { Button } from '@mantine/core';
import type { OperationsLock } from '@meldesync/protocol';
import { useRouteContext } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { api } from '../../api/api.ts';
import { formatExact, formatMoment } from '../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../i18n/use-clock.ts';
import { Avatar } from '../../people/avatar.tsx';
import { personColor } from '../../people/person-color.ts';
import { useSync } from '../../sync/sync-context.tsx';
import classes from './operations.module.css';
import { ScrollRegion } from './scroll-region.tsx';
import { useNames } from './use-names.ts';

const TakeAwayDialog = lazy(async () => ({
  default: (await import('../locks/take-away-dialog.tsx')).TakeAwayDialog,
}));

/** A lock in words. */
interface NamedLock extends OperationsLock {
  readonly row: string;
  readonly name: string;
  readonly workspaceName: string;
}

/** Who edits what in the workspaces that this person administers, oldest first, and the way to take it from them. */
export function LockTable({ locks }: { locks: readonly OperationsLock[] }) {
  const t = useTranslations('operations.locks');
  const named = useNamedLocks(locks);
  // The dialog stays until it is closed, also where its lock is gone meanwhile: nothing may end up under a press that was meant for it.
  const [asked, setAsked] = useState<NamedLock | null>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  const close = (): void => {
    setAsked(null);
    // Its button has gone with the lock.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) headingRef.current?.focus({ preventScroll: true });
    });
  };
  return (
    <div className={classes.section}>
      <h2 id="locks" ref={headingRef} tabIndex={-1} className={classes.heading}>
        {t('title')}
      </h2>
      <p className={classes.hint}>{t('text')}</p>
      {named.length === 0 ? (
        <p className={classes.none}>{t('empty')}</p>
      ) : (
        <ScrollRegion labelledBy="locks">
          <table className={classes.table} aria-labelledby="locks">
            <thead>
              <tr>
                <th scope="col">{t('case')}</th>
                <th scope="col">{t('who')}</th>
                <th scope="col">{t('workspace')}</th>
                <th scope="col">{t('since')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('action')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {named.map((lock) => (
                <LockRow key={lock.lock} lock={lock} onTakeAway={() => setAsked(lock)} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {asked ? (
        <Suspense>
          <TakeAwayDialog
            lock={{ since: Date.parse(asked.since), endsAt: null }}
            name={asked.name}
            row={asked.row}
            end={() => api().endLock(asked.workspace, asked.lock)}
            onClose={close}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

function LockRow({ lock, onTakeAway }: { lock: NamedLock; onTakeAway: () => void }) {
  const t = useTranslations('operations.locks');
  const locale = useLocale();
  const now = useClock(MINUTE_MS);
  const { row, name, user, since, workspaceName } = lock;
  return (
    <tr>
      <th scope="row">
        <span className={classes.name}>{row}</span>
      </th>
      <td>
        <span className={classes.person}>
          <Avatar person={{ name, color: personColor(user), isPerson: true }} size={20} />
          {name}
        </span>
      </td>
      <td>{workspaceName}</td>
      <td title={formatExact(since, locale)}>{formatMoment(since, now, locale)}</td>
      <td className={classes.number}>
        <Button
          variant="default"
          size="compact-sm"
          c="var(--bad)"
          aria-label={t('takeAwayOf', { row, name })}
          onClick={onTakeAway}
        >
          {t('takeAway')}
        </Button>
      </td>
    </tr>
  );
}

/** Of the open workspace cases are known by name; of the others the records by their internal ids. */
function useNamedLocks(locks: readonly OperationsLock[]): NamedLock[] {
  const t = useTranslations('operations.locks');
  const tPeople = useTranslations('people');
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const { client, workspace: open } = useSync();
  const names = useNames([...new Set(locks.map(({ workspace }) => workspace))]);
  const rowOf = ({ workspace, records }: OperationsLock): string => {
    const caseId = workspace === open.id ? records.map((id) => client.store.get(id)?.caseId).find(Boolean) : undefined;
    return caseId ? t('caseName', { caseId }) : t('records', { count: records.length, ids: records.join(', ') });
  };
  return locks
    .toSorted((one, other) => one.since.localeCompare(other.since) || one.lock.localeCompare(other.lock))
    .map((lock) => ({
      ...lock,
      row: rowOf(lock),
      name: names.get(lock.user) ?? tPeople('unknown'),
      workspaceName: me.workspaces.find(({ id }) => id === lock.workspace)?.name ?? lock.workspace,
    }));
}
