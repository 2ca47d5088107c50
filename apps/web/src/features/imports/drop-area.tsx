import { Button } from '@mantine/core';
import { roleAllows } from '@meldesync/protocol';
import { IconFileImport, IconLock } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useRole } from '../../sync/use-connection.ts';
import { CSV_ENDINGS } from './csv-files.ts';
import classes from './drop-area.module.css';
import { useImportFiles } from './use-import-files.tsx';

/** Says that files can be dropped, and lets them be chosen. Someone who may not import reads why. */
export function DropArea() {
  const t = useTranslations('imports');
  const importFiles = useImportFiles();
  const inputRef = useRef<HTMLInputElement>(null);
  if (!roleAllows(useRole(), 'editor')) {
    return (
      <p className={classes.locked}>
        <IconLock size={16} aria-hidden="true" />
        {t('viewerReason')}
      </p>
    );
  }
  return (
    <div className={classes.area}>
      <span className={classes.icon}>
        <IconFileImport size={22} stroke={1.7} aria-hidden="true" />
      </span>
      <span className={classes.texts}>
        <span className={classes.title}>{t('dropTitle')}</span>
        <span className={classes.text}>{t('dropText')}</span>
      </span>
      <Button size="sm" onClick={() => inputRef.current?.click()}>
        {t('choose')}
      </Button>
      <input
        ref={inputRef}
        type="file"
        multiple
        accept={CSV_ENDINGS}
        hidden
        onChange={(event) => {
          importFiles(event.currentTarget.files ?? []);
          // Choosing the same file again must count as a change.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
