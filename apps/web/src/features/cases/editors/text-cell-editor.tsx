import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { FieldOf } from '@meldesync/domain';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { comingCode, useComingCode } from '../../../ui/coming-code.ts';
import { sharedValue } from '../facts/case-facts.ts';
import { onTextKey } from './text-area.tsx';
import { useDraft } from './use-draft.ts';
import { WaitingField } from './waiting-field.tsx';

interface TextCellEditorProps {
  readonly field: FieldOf<'text'>;
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (text: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

const popover = comingCode(async () => (await import('./text-popover.tsx')).TextPopover);

/** The text of a whole case. Until the field beside the cell is there, one in the cell takes what is typed and does the same. */
export function TextCellEditor({ field, row, seen, onSave, onEnd }: TextCellEditorProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const text = sharedValue(seen, field);
  const label = t(`editField.${field}`, { row: rowName(row) });
  const isThere = useComingCode(popover);
  const draft = useDraft({
    field,
    stored: text.isShared ? text.value : null,
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    onSave,
    onEnd,
  });
  return (
    <WaitingField
      label={label}
      text={draft.text}
      onText={draft.setText}
      onKeyDown={(event) => onTextKey(event, draft)}
      onBlur={draft.onBlur}
      isReadOnly={draft.isBlocked}
    >
      {isThere ? <popover.Component label={label} draft={draft} /> : null}
    </WaitingField>
  );
}
