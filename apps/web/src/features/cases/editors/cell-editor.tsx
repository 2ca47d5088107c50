import { isOfKind } from '@meldesync/domain';
import { useEdit } from '../../../editing/use-edit.tsx';
import { useAttend } from '../../presence/presence-context.tsx';
import { CaseIdEditor } from './case-id-editor.tsx';
import type { Editing } from './editing.ts';
import { PersonEditor } from './person-editor.tsx';
import { TextCellEditor } from './text-cell-editor.tsx';

interface CellEditorProps {
  readonly editing: Editing;
  /** `returnFocus`: it goes back to the cell, because the editor was closed with a key. */
  readonly onEnd: (returnFocus: boolean) => void;
}

/** The editor of a cell, by the kind of value. What it saves is based on the records as they were when it opened. */
export function CellEditor({ editing, onEnd }: CellEditorProps) {
  const save = useEdit();
  const { column: field, row, seen } = editing;
  useAttend(seen);
  const onSave = (value: string | null): void => save(seen, { [field]: value });
  if (isOfKind(field, 'case')) return <CaseIdEditor row={row} seen={seen} onSave={onSave} onEnd={onEnd} />;
  if (isOfKind(field, 'person'))
    return <PersonEditor field={field} row={row} seen={seen} onSave={onSave} onEnd={onEnd} />;
  return <TextCellEditor field={field} row={row} seen={seen} onSave={onSave} onEnd={onEnd} />;
}
