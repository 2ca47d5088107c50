import { type AuditGroup, auditGroupOf } from '@meldesync/protocol';
import {
  type Icon,
  IconClipboardText,
  IconCloudDownload,
  IconFileImport,
  IconGitMerge,
  IconHistory,
  IconLock,
  IconLogin2,
  IconPencil,
  IconPlugConnected,
  IconServerCog,
  IconTimelineEvent,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';

const ICONS: Readonly<Record<AuditGroup, Icon>> = {
  record: IconPencil,
  'sign-in': IconLogin2,
  people: IconUsers,
  lock: IconLock,
  conflict: IconGitMerge,
  import: IconFileImport,
  export: IconCloudDownload,
  audit: IconHistory,
  connection: IconPlugConnected,
  operation: IconServerCog,
  retention: IconTrash,
};

/** The sign of a group of kinds; its words stand beside it. */
export function GroupIcon({ group, size = 15 }: { group: AuditGroup; size?: number }) {
  const Sign = ICONS[group];
  return <Sign size={size} aria-hidden="true" />;
}

/** The sign of a kind of entry. */
export function KindIcon({ kind, size = 15 }: { kind: string; size?: number }) {
  if (kind === 'record-created') return <IconClipboardText size={size} aria-hidden="true" />;
  if (kind === 'record-deleted') return <IconTrash size={size} aria-hidden="true" />;
  const group = auditGroupOf(kind);
  return group ? <GroupIcon group={group} size={size} /> : <IconTimelineEvent size={size} aria-hidden="true" />;
}
