import type { CaseRow, ClientRecord } from '@meldesync/client';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import { sharedValue } from '../case-facts.ts';
import { useRowName } from '../use-row-name.ts';
import { PersonPicker } from './person-picker.tsx';

interface AssigneePickerProps {
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (assignee: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** The people of the workspace over the cell, while its case is locked for the others. */
export function AssigneePicker({ row, seen, onSave, onEnd }: AssigneePickerProps) {
  const rowName = useRowName();
  const lock = useEditorLock({
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    // What is typed only looks for a person.
    typed: undefined,
    onRefused: () => onEnd(true),
  });
  const current = sharedValue(seen, 'assignee');
  return (
    <PersonPicker current={current.isShared ? current.value : undefined} onPick={onSave} onEnd={onEnd}>
      <EditorNotice view={lock.view} />
    </PersonPicker>
  );
}
