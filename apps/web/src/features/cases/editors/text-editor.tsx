import type { FieldOf } from '@meldesync/domain';
import type { NamedCase } from '../../../editing/named-case.ts';
import { TextArea } from './text-area.tsx';
import { useDraft } from './use-draft.ts';

interface TextEditorProps {
  readonly field: FieldOf<'text'>;
  readonly label: string;
  readonly text: string | null;
  /** The case whose lock the editor takes. */
  readonly subject: NamedCase;
  readonly onSave: (text: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** A text, edited where it stands. */
export function TextEditor({ field, label, text, subject, onSave, onEnd }: TextEditorProps) {
  const draft = useDraft({ field, stored: text, subject, onSave, onEnd });
  return <TextArea label={label} draft={draft} />;
}
