import type { CaseRow, ClientRecord } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { comingCode, useComingCode } from '../../../ui/coming-code.ts';
import { sharedValue } from '../facts/case-facts.ts';
import { onNoteKey } from './note-area.tsx';
import { useDraft } from './use-draft.ts';
import { WaitingField } from './waiting-field.tsx';

interface NoteCellEditorProps {
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (note: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

const popover = comingCode(async () => (await import('./note-popover.tsx')).NotePopover);

/** The note of a whole case. Until the field beside the cell is there, one in the cell takes what is typed and does the same. */
export function NoteCellEditor({ row, seen, onSave, onEnd }: NoteCellEditorProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const note = sharedValue(seen, 'note');
  const label = t('editNote', { row: rowName(row) });
  const isThere = useComingCode(popover);
  const draft = useDraft({
    field: 'note',
    stored: note.isShared ? note.value : null,
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    onSave,
    onEnd,
  });
  return (
    <WaitingField
      label={label}
      text={draft.text}
      onText={draft.setText}
      onKeyDown={(event) => onNoteKey(event, draft)}
      onBlur={draft.onBlur}
      isReadOnly={draft.isBlocked}
    >
      {isThere ? <popover.Component label={label} draft={draft} /> : null}
    </WaitingField>
  );
}
