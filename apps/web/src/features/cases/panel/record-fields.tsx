import { Select } from '@mantine/core';
import type { ClientRecord } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useEdit } from '../../../editing/use-edit.tsx';
import { useIsPending } from '../../../editing/use-pending.ts';
import { usePeople } from '../../../people/use-people.tsx';
import { useSync } from '../../../sync/sync-context.tsx';
import { useRole } from '../../../sync/use-connection.ts';
import { PANEL_LOCK_ID } from '../../locks/panel-lock.tsx';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import { useLockGuard } from '../../locks/use-tell-locked.tsx';
import { NoteEditor } from '../editors/note-editor.tsx';
import classes from './case-panel.module.css';

interface RecordFieldsProps {
  readonly record: ClientRecord;
  readonly half: string;
  /** The case, which is locked as a whole. */
  readonly subject: NamedCase;
  /** Who has locked it, in a sentence; null while no colleague has. */
  readonly lockReason: string | null;
}

/** Assignee and note of one record: in the panel each half is edited for itself. */
export function RecordFields({ record, half, subject, lockReason }: RecordFieldsProps) {
  const t = useTranslations('edit');
  const tShell = useTranslations('shell');
  const { user } = useSync();
  const people = usePeople();
  const save = useEdit();
  const mayEdit = roleAllows(useRole(), 'editor');
  const records = useMemo(() => [record], [record]);
  const isPending = useIsPending(records, 'assignee');
  const [isChoosing, setChoosing] = useState(false);
  const choices = people.members.map(({ id, name }) => ({
    value: id,
    label: id === user.id ? t('me', { name }) : name,
  }));
  if (record.assignee !== null && !choices.some(({ value }) => value === record.assignee)) {
    choices.push({ value: record.assignee, label: people.ofUser(record.assignee).name });
  }
  return (
    <div className={classes.editable}>
      {mayEdit ? null : <p className={classes.locked}>{tShell('viewerReason')}</p>}
      <Select
        size="xs"
        label={t('assignee')}
        aria-label={`${t('assignee')}, ${half}`}
        data={choices}
        value={record.assignee}
        onChange={(assignee) => save([record], { assignee })}
        placeholder={t('nobody')}
        disabled={!mayEdit}
        readOnly={lockReason !== null}
        className={lockReason === null ? '' : (classes.lockedField ?? '')}
        aria-disabled={lockReason !== null || undefined}
        description={lockReason}
        descriptionProps={{ className: 'visually-hidden' }}
        dropdownOpened={isChoosing}
        onDropdownOpen={() => setChoosing(true)}
        onDropdownClose={() => setChoosing(false)}
        onKeyDown={(event) => {
          // It closes the list; the panel stays.
          if (event.key === 'Escape' && isChoosing) event.preventDefault();
        }}
        aria-busy={isPending}
        searchable
        clearable={lockReason === null}
        nothingFoundMessage={t('noPeople')}
        clearButtonProps={{ 'aria-label': t('nobody') }}
      />
      {isChoosing ? <ChoiceLock subject={subject} onRefused={() => setChoosing(false)} /> : null}
      <NoteField
        record={record}
        label={`${t('note')}, ${half}`}
        mayEdit={mayEdit}
        subject={subject}
        lockReason={lockReason}
      />
    </div>
  );
}

/** Holds the lock of the case while the list of people is open. */
function ChoiceLock({ subject, onRefused }: { subject: NamedCase; onRefused: () => void }) {
  useEditorLock({ subject, typed: undefined, onRefused });
  return null;
}

interface NoteFieldProps {
  readonly record: ClientRecord;
  readonly label: string;
  readonly mayEdit: boolean;
  readonly subject: NamedCase;
  readonly lockReason: string | null;
}

/** The note as text; a click turns it into a field, based on the record as it was then. */
function NoteField({ record, label, mayEdit, subject, lockReason }: NoteFieldProps) {
  const t = useTranslations('edit');
  const save = useEdit();
  const isLocked = useLockGuard();
  const [seen, setSeen] = useState<ClientRecord | null>(null);
  return (
    <div>
      <span className={classes.label} aria-hidden="true">
        {t('note')}
      </span>
      {seen ? (
        <NoteEditor
          label={label}
          note={seen.note}
          subject={subject}
          onSave={(note) => save([seen], { note })}
          onEnd={() => setSeen(null)}
        />
      ) : (
        <button
          type="button"
          className={classes.note}
          aria-label={`${label}: ${record.note ?? t('notePlaceholder')}`}
          disabled={!mayEdit}
          aria-disabled={lockReason !== null || undefined}
          aria-describedby={lockReason === null ? undefined : PANEL_LOCK_ID}
          onClick={() => {
            if (!isLocked(subject)) setSeen(record);
          }}
        >
          {record.note ?? <span className={classes.noteEmpty}>{mayEdit ? t('notePlaceholder') : '–'}</span>}
        </button>
      )}
    </div>
  );
}
