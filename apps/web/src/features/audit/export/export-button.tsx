import { Button } from '@mantine/core';
import type { AuditFilter } from '@meldesync/protocol';
import { IconDownload } from '@tabler/icons-react';
import { lazy } from 'react';
import { useTranslations } from 'use-intl';
import { MenuButton } from '../../../ui/menu-button.tsx';
import classes from './export.module.css';
import { ExportContext } from './export-context.ts';
import { useExport } from './use-export.ts';

const load = async () => ({ default: (await import('./export-menu.tsx')).ExportMenu });
const ExportMenu = lazy(load);

/** Takes what the list shows along, as a file; while that comes, the way to end it. */
export function ExportButton({ filter }: { filter: AuditFilter }) {
  const t = useTranslations('audit.export');
  const exporting = useExport(filter);
  if (exporting.isRunning)
    return (
      <span className={classes.running}>
        <span role="status">{t('running')}</span>
        <Button size="compact-sm" variant="default" onClick={exporting.cancel}>
          {t('cancel')}
        </Button>
      </span>
    );
  return (
    <ExportContext value={exporting}>
      <MenuButton className={classes.button} kind="menu" label={t('label')} content={ExportMenu} preload={load}>
        <IconDownload size={15} aria-hidden="true" />
        {t('button')}
      </MenuButton>
    </ExportContext>
  );
}
