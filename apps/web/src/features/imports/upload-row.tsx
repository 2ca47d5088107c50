import { ActionIcon, Progress } from '@mantine/core';
import { formatBytes } from '@meldesync/client';
import { describeError } from '@meldesync/protocol';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { ImportStatus } from './import-status.tsx';
import classes from './import-table.module.css';
import type { Upload } from './uploads.ts';
import { useUploads } from './uploads-context.tsx';

/** A file that is still on its way to the service, or did not make it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const uploads = useUploads();
  const { id, file, state } = upload;
  const hasFailed = state.name === 'failed';
  const removeLabel = hasFailed ? t('dismissUpload', { file: file.name }) : t('cancelUpload', { file: file.name });
  return (
    <tr className={classes.row}>
      <td>
        <span className={classes.name} title={file.name}>
          {file.name}
        </span>
        <span className={classes.detail}>{formatBytes(file.size, locale)}</span>
      </td>
      <td colSpan={6}>
        <ImportStatus status={hasFailed ? 'uploadFailed' : state.name} />
        {state.name === 'uploading' ? (
          <div className={classes.progress}>
            <Progress
              className={classes.bar ?? ''}
              value={state.share * 100}
              size={4}
              aria-label={t('progress', { file: file.name })}
            />
          </div>
        ) : null}
        {hasFailed ? <div className={classes.problem}>{describeReason(state.reason)}</div> : null}
      </td>
      <td colSpan={2}>
        <span className={classes.actions}>
          {hasFailed ? (
            <ActionIcon
              variant="default"
              aria-label={t('retryUpload', { file: file.name })}
              onClick={() => uploads.retry(id)}
            >
              <IconRefresh size={16} />
            </ActionIcon>
          ) : null}
          <ActionIcon variant="default" aria-label={removeLabel} onClick={() => uploads.remove(id)}>
            <IconX size={16} />
          </ActionIcon>
        </span>
      </td>
    </tr>
  );

  function describeReason(reason: Extract<Upload['state'], { name: 'failed' }>['reason']): string {
    if (reason === 'unreachable') return t('uploadErrors.unreachable');
    if (reason === 'cancelled') return t('uploadErrors.cancelled');
    return describeError(reason, locale);
  }
}
