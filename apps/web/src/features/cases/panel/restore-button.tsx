import type { ClientRecord } from '@meldesync/client';
import type { EditableField, FieldValue } from '@meldesync/domain';
import { roleAllows } from '@meldesync/protocol';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useEdit } from '../../../editing/use-edit.tsx';
import { useRole } from '../../../sync/use-connection.ts';
import { PANEL_LOCK_ID } from '../../locks/panel-lock.tsx';
import { useLockGuard } from '../../locks/use-tell-locked.tsx';
import classes from './case-panel.module.css';

interface RestoreButtonProps {
  /** As it is seen: the edit is based on it. */
  readonly record: ClientRecord;
  readonly field: EditableField;
  readonly value: FieldValue<EditableField>;
  /** The value in words. */
  readonly words: string;
  readonly subject: NamedCase;
  readonly lockReason: string | null;
}

/**
 * Writes a value of the past anew: an edit like any other, which can meet a conflict and be undone. Not there for who may not edit, since
 * nothing is to be restored by them.
 */
export function RestoreButton({ record, field, value, words, subject, lockReason }: RestoreButtonProps) {
  const t = useTranslations('panel');
  const tEdit = useTranslations('edit');
  const save = useEdit();
  const isLocked = useLockGuard();
  const mayEdit = roleAllows(useRole(), 'editor');
  if (!mayEdit) return null;
  return (
    <button
      type="button"
      className={classes.restore}
      aria-label={t('restoreOf', { field: tEdit(field), value: words })}
      aria-disabled={lockReason !== null || undefined}
      aria-describedby={lockReason === null ? undefined : PANEL_LOCK_ID}
      onClick={() => {
        if (!isLocked(subject)) save([record], { [field]: value });
      }}
    >
      <IconArrowBackUp size={14} aria-hidden="true" />
      {t('restore')}
    </button>
  );
}
