import { formatBytes, formatDelay, formatShare, type ProcessHealth, processHealth } from '@meldesync/client';
import { describeLack, type Operations, type OperationsProcess } from '@meldesync/protocol';
import { IconAlertTriangle, IconCircleCheck, IconClock, IconPlugConnectedX } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact, formatMoment } from '../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../i18n/use-clock.ts';
import classes from './operations.module.css';
import { ScrollRegion } from './scroll-region.tsx';

const ICONS = { ok: IconCircleCheck, none: IconClock, warn: IconAlertTriangle, bad: IconPlugConnectedX };
const KINDS: readonly OperationsProcess['kind'][] = ['node', 'relay', 'worker'];

/** One row a process, always in the same order: nothing changes its place while one looks. */
export function ProcessTable({ at, processes }: Pick<Operations, 'at' | 'processes'>) {
  const t = useTranslations('operations.processes');
  const sorted = processes.toSorted(
    (one, other) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
      one.name.localeCompare(other.name, 'de', { numeric: true }),
  );
  return (
    <div className={classes.section}>
      <h2 id="processes" className={classes.heading}>
        {t('title')}
      </h2>
      {sorted.length === 0 ? (
        <p className={classes.none}>{t('empty')}</p>
      ) : (
        <ScrollRegion labelledBy="processes">
          <table className={classes.table} aria-labelledby="processes">
            <colgroup>
              <col style={{ width: '17%' }} />
              <col style={{ width: '25%' }} />
              <col style={{ width: '9%' }} />
              <col style={{ width: '9%' }} />
            </colgroup>
            <thead>
              <tr>
                <th scope="col">{t('name')}</th>
                <th scope="col">{t('health')}</th>
                <th scope="col">{t('version')}</th>
                <th scope="col">{t('since')}</th>
                <th scope="col" className={classes.number}>
                  {t('memory')}
                </th>
                <th scope="col" className={classes.number} title={t('cpuText')}>
                  {t('cpu')}
                </th>
                <th scope="col" className={classes.number} title={t('eventLoopText')}>
                  {t('eventLoop')}
                </th>
                <th scope="col" className={classes.number} title={t('poolText')}>
                  {t('pool')}
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((process) => (
                <ProcessRow
                  key={`${process.kind} ${process.name}`}
                  process={process}
                  health={processHealth(process, at)}
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </div>
  );
}

function ProcessRow({ process, health }: { process: OperationsProcess; health: ProcessHealth }) {
  const t = useTranslations('operations.processes');
  const none = useTranslations('operations')('none');
  const locale = useLocale();
  const now = useClock(MINUTE_MS);
  const { name, kind, role, version, startedAt, memoryBytes, cpu, eventLoopDelayMs, pool } = process;
  return (
    <tr>
      <th scope="row">
        <span className={classes.name}>{name}</span>
        <span className={classes.sub}>
          {t(`kinds.${kind}`)}
          {role === undefined ? null : ` · ${t(`roles.${role}`)}`}
        </span>
      </th>
      <td>
        <Health process={process} health={health} />
      </td>
      <td>{version}</td>
      <td title={formatExact(startedAt, locale)}>{formatMoment(startedAt, now, locale)}</td>
      <td className={classes.number}>{formatBytes(memoryBytes, locale)}</td>
      <td className={classes.number}>{formatShare(cpu, locale)}</td>
      <td className={classes.number}>{formatDelay(eventLoopDelayMs, locale)}</td>
      <td className={classes.number}>
        {pool === undefined ? none : t('poolUsed', { used: pool.used, all: pool.used + pool.idle })}
        {pool !== undefined && pool.waiting > 0 ? (
          <span className={classes.failed}> {t('poolWaiting', { count: pool.waiting })}</span>
        ) : null}
      </td>
    </tr>
  );
}

function Health({ process, health }: { process: OperationsProcess; health: ProcessHealth }) {
  const t = useTranslations('operations.processes');
  const locale = useLocale();
  const Icon = ICONS[health.tone];
  const lacks = process.missing.map((said) => describeLack(said, locale));
  return (
    <>
      <span className={classes.health} data-tone={health.tone}>
        <Icon size={15} aria-hidden="true" />
        {t(`states.${health.state}`)}
      </span>
      {health.state === 'silent' ? (
        <span className={classes.sub}>{t('silentText', { seconds: Math.floor(health.silentMs / 1_000) })}</span>
      ) : lacks.length > 0 ? (
        <span className={classes.sub}>{lacks.join(' · ')}</span>
      ) : null}
    </>
  );
}
