import type { ImportStatus as ReachedStatus } from '@meldesync/protocol';
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconLoader,
  IconPlayerPause,
  IconUpload,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './import-status.module.css';

type StatusName = ReachedStatus | 'waiting' | 'uploading' | 'uploadFailed';

const ICONS: Record<StatusName, ReactNode> = {
  waiting: <IconClock size={15} />,
  uploading: <IconUpload size={15} />,
  queued: <IconClock size={15} />,
  running: <IconLoader size={15} />,
  paused: <IconPlayerPause size={15} />,
  finished: <IconCircleCheck size={15} />,
  failed: <IconAlertTriangle size={15} />,
  cancelled: <IconBan size={15} />,
  uploadFailed: <IconAlertTriangle size={15} />,
};

/** Where a file stands: a sign and a word. */
export function ImportStatus({ status }: { status: StatusName }) {
  const t = useTranslations('imports.statuses');
  return (
    <span className={classes.status} data-status={status}>
      {ICONS[status]}
      {t(status)}
    </span>
  );
}
