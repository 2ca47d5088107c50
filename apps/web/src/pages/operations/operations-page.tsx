import { Button, Skeleton } from '@mantine/core';
import { IconCloudOff, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { CertificateNotes } from '../../features/operations/certificate-notes.tsx';
import { Charts } from '../../features/operations/charts.tsx';
import { Figures } from '../../features/operations/figures.tsx';
import { LevelCard } from '../../features/operations/level/level-card.tsx';
import { LockTable } from '../../features/operations/lock-table.tsx';
import { isForbidden, operationsQuery } from '../../features/operations/operations-query.ts';
import { ProcessTable } from '../../features/operations/process-table.tsx';
import { StaleNote } from '../../features/operations/stale-note.tsx';
import { useMayOperate } from '../../features/operations/use-may-operate.ts';
import { useOwnTime } from '../../i18n/use-clock.ts';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './operations-page.module.css';

/** How the whole service is, live, for whoever administers a workspace (R5.4). */
export function OperationsPage() {
  const t = useTranslations('operations');
  return (
    <div className={classes.page}>
      <title>{`${t('title')} · MeldeSync`}</title>
      {useMayOperate() ? <LivePage /> : <Forbidden />}
    </div>
  );
}

function LivePage() {
  const t = useTranslations('operations');
  const tShell = useTranslations('shell');
  const { data, error, dataUpdatedAt, refetch } = useQuery(operationsQuery);
  const heardAt = useOwnTime(dataUpdatedAt);
  if (isForbidden(error)) return <Forbidden />;
  if (!data && error)
    return (
      <StatePage
        icon={<IconCloudOff size={24} />}
        title={t('errorTitle')}
        text={tShell('unreachableText')}
        action={<Button onClick={() => void refetch()}>{tShell('retry')}</Button>}
      />
    );
  return (
    <div className={classes.column}>
      <div className={classes.head}>
        <h1 className={classes.title}>{t('title')}</h1>
        {data ? <StaleNote at={heardAt} retry={() => void refetch()} /> : null}
      </div>
      {data ? (
        <>
          <LevelCard level={data.level} />
          <CertificateNotes operations={data} />
          <Figures operations={data} />
          <Charts history={data.history} />
          <ProcessTable at={data.at} processes={data.processes} />
          <LockTable locks={data.locks} />
        </>
      ) : (
        <div role="status" className={classes.skeleton}>
          <span className="visually-hidden">{tShell('loading')}</span>
          {[88, 96, 260, 200].map((height) => (
            <Skeleton key={height} height={height} radius={10} />
          ))}
        </div>
      )}
    </div>
  );
}

function Forbidden() {
  const t = useTranslations('operations');
  return <StatePage icon={<IconLock size={24} />} title={t('forbiddenTitle')} text={t('forbiddenText')} />;
}
