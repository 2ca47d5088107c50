import { Select } from '@mantine/core';
import type { ClientRecord } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../../sync/sync-context.tsx';
import { useRole } from '../../../sync/use-connection.ts';
import { usePeople } from '../../../sync/use-people.tsx';
import { NoteEditor } from '../editors/note-editor.tsx';
import { useEdit } from '../use-edit.tsx';
import { usePending } from '../use-pending.ts';
import classes from './case-panel.module.css';

/** Assignee and note of one record: in the panel each half is edited for itself. */
export function RecordFields({ record, half }: { record: ClientRecord; half: string }) {
  const t = useTranslations('edit');
  const tShell = useTranslations('shell');
  const { user } = useSync();
  const people = usePeople();
  const save = useEdit();
  const mayEdit = roleAllows(useRole(), 'editor');
  const records = useMemo(() => [record], [record]);
  const {
    records: [now = record],
    isPending,
  } = usePending(records);
  const choices = people.members.map(({ id, name }) => ({
    value: id,
    label: id === user.id ? t('me', { name }) : name,
  }));
  if (now.assignee !== null && !choices.some(({ value }) => value === now.assignee)) {
    choices.push({ value: now.assignee, label: people.ofUser(now.assignee).name });
  }
  return (
    <div className={classes.editable}>
      {mayEdit ? null : <p className={classes.locked}>{tShell('viewerReason')}</p>}
      <Select
        size="xs"
        label={t('assignee')}
        aria-label={`${t('assignee')}, ${half}`}
        data={choices}
        value={now.assignee}
        onChange={(assignee) => save([now], { assignee })}
        placeholder={t('nobody')}
        disabled={!mayEdit}
        aria-busy={isPending('assignee')}
        searchable
        clearable
        nothingFoundMessage={t('noPeople')}
        clearButtonProps={{ 'aria-label': t('nobody') }}
      />
      <NoteField record={now} label={`${t('note')}, ${half}`} isLocked={!mayEdit} />
    </div>
  );
}

interface NoteFieldProps {
  readonly record: ClientRecord;
  readonly label: string;
  readonly isLocked: boolean;
}

/** The note as text; a click turns it into a field, based on the record as it was then. */
function NoteField({ record, label, isLocked }: NoteFieldProps) {
  const t = useTranslations('edit');
  const save = useEdit();
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
          onSave={(note) => save([seen], { note })}
          onEnd={() => setSeen(null)}
          isFocused
        />
      ) : (
        <button
          type="button"
          className={classes.note}
          aria-label={`${label}: ${record.note ?? t('notePlaceholder')}`}
          disabled={isLocked}
          onClick={() => setSeen(record)}
        >
          {record.note ?? <span className={classes.noteEmpty}>{isLocked ? '–' : t('notePlaceholder')}</span>}
        </button>
      )}
    </div>
  );
}
