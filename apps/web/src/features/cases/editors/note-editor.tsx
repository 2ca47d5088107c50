import type { NamedCase } from '../../../editing/named-case.ts';
import { NoteArea } from './note-area.tsx';
import { useDraft } from './use-draft.ts';

interface NoteEditorProps {
  readonly label: string;
  readonly note: string | null;
  /** The case whose lock the editor takes. */
  readonly subject: NamedCase;
  readonly onSave: (note: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** A note, edited where it stands. */
export function NoteEditor({ label, note, subject, onSave, onEnd }: NoteEditorProps) {
  const draft = useDraft({ field: 'note', stored: note, subject, onSave, onEnd });
  return <NoteArea label={label} draft={draft} />;
}
