import { useEdit } from '../use-edit.tsx';
import type { Editing } from '../use-start-edit.ts';
import { AssigneePicker } from './assignee-picker.tsx';
import { CaseIdEditor } from './case-id-editor.tsx';
import { NotePopover } from './note-popover.tsx';

interface CellEditorProps {
  readonly editing: Editing;
  /** `returnFocus`: it goes back to the cell, because the editor was closed with a key. */
  readonly onEnd: (returnFocus: boolean) => void;
}

/** The editor of a cell. What it saves is based on the records as they were when it opened. */
export function CellEditor({ editing, onEnd }: CellEditorProps) {
  const save = useEdit();
  const { column, row, seen } = editing;
  switch (column) {
    case 'caseId':
      return <CaseIdEditor row={row} onSave={(caseId) => save(seen, { caseId })} onEnd={onEnd} />;
    case 'note':
      return <NotePopover row={row} seen={seen} onSave={(note) => save(seen, { note })} onEnd={onEnd} />;
    case 'assignee':
      return <AssigneePicker seen={seen} onSave={(assignee) => save(seen, { assignee })} onEnd={onEnd} />;
  }
}
