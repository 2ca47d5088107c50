import { Button, Progress } from '@mantine/core';
import type { ConnectionState } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { IconFileImport, IconFilterOff, IconTable } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './cases-states.module.css';

/** Until the first snapshot is there. */
export function CasesLoading({ connection }: { connection: ConnectionState }) {
  const t = useTranslations('cases');
  const total = connection.name === 'loading' ? connection.total : null;
  const loaded = connection.name === 'loading' ? connection.loaded : 0;
  return (
    <div className={classes.loading} role="status">
      <StatePage
        heading="h2"
        icon={<IconTable size={24} />}
        title={t('loadingTitle')}
        text={total === null ? undefined : t('loadingProgress', { loaded, total })}
        action={
          <Progress
            w={240}
            size={4}
            value={total ? (loaded / total) * 100 : 100}
            animated={total === null}
            aria-label={t('loadingTitle')}
          />
        }
      />
    </div>
  );
}

/** A workspace without any record. */
export function CasesEmpty() {
  const t = useTranslations('cases');
  const { workspace } = useSync();
  const mayImport = roleAllows(useRole(), 'editor');
  return (
    <StatePage
      heading="h2"
      icon={<IconFileImport size={24} />}
      title={t('emptyTitle')}
      text={mayImport ? t('emptyText') : t('emptyTextViewer')}
      action={
        mayImport ? (
          <Button
            renderRoot={(props) => <Link to="/w/$workspace/imports" params={{ workspace: workspace.id }} {...props} />}
          >
            {t('emptyAction')}
          </Button>
        ) : null
      }
    />
  );
}

/** There are cases, but none that fits. */
export function NoMatch({ onReset }: { onReset: () => void }) {
  const t = useTranslations('cases');
  return (
    <StatePage
      heading="h2"
      icon={<IconFilterOff size={24} />}
      title={t('noMatchTitle')}
      text={t('noMatchText')}
      action={
        <Button variant="default" onClick={onReset}>
          {t('noMatchAction')}
        </Button>
      }
    />
  );
}
