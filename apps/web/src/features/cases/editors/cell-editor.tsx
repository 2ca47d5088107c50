import { useEdit } from '../../../editing/use-edit.tsx';
import { useAttend } from '../../presence/presence-context.tsx';
import { AssigneeEditor } from './assignee-editor.tsx';
import { CaseIdEditor } from './case-id-editor.tsx';
import type { Editing } from './editing.ts';
import { NoteCellEditor } from './note-cell-editor.tsx';

interface CellEditorProps {
  readonly editing: Editing;
  /** `returnFocus`: it goes back to the cell, because the editor was closed with a key. */
  readonly onEnd: (returnFocus: boolean) => void;
}

/** The editor of a cell. What it saves is based on the records as they were when it opened. */
export function CellEditor({ editing, onEnd }: CellEditorProps) {
  const save = useEdit();
  const { column, row, seen } = editing;
  useAttend(seen);
  switch (column) {
    case 'caseId':
      return <CaseIdEditor row={row} seen={seen} onSave={(caseId) => save(seen, { caseId })} onEnd={onEnd} />;
    case 'note':
      return <NoteCellEditor row={row} seen={seen} onSave={(note) => save(seen, { note })} onEnd={onEnd} />;
    case 'assignee':
      return <AssigneeEditor row={row} seen={seen} onSave={(assignee) => save(seen, { assignee })} onEnd={onEnd} />;
  }
}
