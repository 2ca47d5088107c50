import { Button, Skeleton } from '@mantine/core';
import { roleAllows } from '@meldesync/protocol';
import { IconCloudOff, IconFileSpreadsheet } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { DropArea } from '../../features/imports/drop-area.tsx';
import { ImportPanel } from '../../features/imports/import-panel.tsx';
import { ImportTable } from '../../features/imports/import-table.tsx';
import { useUploadList } from '../../features/imports/uploads-context.tsx';
import { useImports } from '../../features/imports/use-imports.ts';
import { useRole } from '../../sync/use-connection.ts';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './imports-page.module.css';

/** Bring files in, follow them, and see what became of each row. */
export function ImportsPage() {
  const t = useTranslations('imports');
  const navigate = useNavigate();
  const { import: openId } = useSearch({ from: '/signed-in/w/$workspace/imports' });
  const { imports, isError, reread, paces } = useImports();
  const uploads = useUploadList();
  const opened = imports?.find(({ id }) => id === openId);
  const open = (id: string | null): void => {
    void navigate({ to: '.', search: id === null ? {} : { import: id } });
  };
  return (
    <div className={classes.page}>
      <title>{`${t('title')} · MeldeSync`}</title>
      <div className={classes.main}>
        <h1 className={classes.title}>{t('title')}</h1>
        <DropArea />
        {isError && !imports ? (
          <ListError retry={() => void reread()} />
        ) : !imports ? (
          <ListSkeleton />
        ) : imports.length + uploads.length === 0 ? (
          <EmptyList />
        ) : (
          <ImportTable imports={imports} uploads={uploads} paces={paces} openId={openId ?? null} onOpen={open} />
        )}
      </div>
      {opened ? <ImportPanel key={opened.id} summary={opened} onClose={() => open(null)} /> : null}
    </div>
  );
}

function ListSkeleton() {
  const t = useTranslations('shell');
  return (
    <div role="status" className={classes.skeleton}>
      <span className="visually-hidden">{t('loading')}</span>
      {[0, 1, 2, 3].map((line) => (
        <Skeleton key={line} height={18} />
      ))}
    </div>
  );
}

function ListError({ retry }: { retry: () => void }) {
  const t = useTranslations('imports');
  const tShell = useTranslations('shell');
  return (
    <StatePage
      heading="h2"
      icon={<IconCloudOff size={24} />}
      title={t('errorTitle')}
      text={tShell('unreachableText')}
      action={<Button onClick={retry}>{tShell('retry')}</Button>}
    />
  );
}

function EmptyList() {
  const t = useTranslations('imports');
  const mayImport = roleAllows(useRole(), 'editor');
  return (
    <StatePage
      heading="h2"
      icon={<IconFileSpreadsheet size={24} />}
      title={t('emptyTitle')}
      text={mayImport ? t('emptyText') : t('emptyTextViewer')}
    />
  );
}
