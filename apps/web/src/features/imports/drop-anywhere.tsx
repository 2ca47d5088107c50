import { roleAllows } from '@meldesync/protocol';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import classes from './drop-anywhere.module.css';
import { useImportFiles } from './use-import-files.tsx';

/** Takes files that are dropped anywhere on a page of the workspace; someone who may not import drops them on nothing. */
export function DropAnywhere() {
  const t = useTranslations('imports');
  const { workspace } = useSync();
  const importFiles = useImportFiles();
  const mayImport = roleAllows(useRole(), 'editor');
  const isDragging = useFileDrag((files) => {
    if (mayImport) importFiles(files);
  });
  if (!isDragging || !mayImport) return null;
  return (
    <div className={classes.zone}>
      <IconFileImport size={36} stroke={1.5} />
      <span className={classes.title}>{t('dropAnywhere')}</span>
      <span className={classes.text}>{t('dropAnywhereText', { workspace: workspace.name })}</span>
    </div>
  );
}

/** Whether files are being dragged over the page. Without this the browser would leave it and open the file. */
function useFileDrag(onFiles: (files: readonly File[]) => void): boolean {
  const [isDragging, setDragging] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    /** Entered minus left elements: the drag has left the page when none remains. */
    let depth = 0;
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const onEnter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth++;
      setDragging(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth--;
      if (depth <= 0) setDragging(false);
    };
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setDragging(false);
      take([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragenter', onEnter);
    addEventListener('dragleave', onLeave);
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragenter', onEnter);
      removeEventListener('dragleave', onLeave);
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
    };
  }, []);
  return isDragging;
}
