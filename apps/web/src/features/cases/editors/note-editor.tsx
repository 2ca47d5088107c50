import { useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import type { Wish } from '../../locks/free-watch.ts';
import classes from './editors.module.css';
import { useDraft } from './use-draft.ts';

interface NoteEditorProps {
  readonly label: string;
  readonly note: string | null;
  /** The case whose lock the editor takes. */
  readonly subject: Wish;
  readonly onSave: (note: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
  /** Takes the focus when it appears. */
  readonly isFocused?: boolean;
}

/** A note over several lines. Enter and leaving it save, Shift+Enter begins a line, Escape discards. */
export function NoteEditor({ label, note, subject, onSave, onEnd, isFocused = false }: NoteEditorProps) {
  const t = useTranslations('edit');
  const hintId = useId();
  const ref = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft({ field: 'note', stored: note, subject, onSave, onEnd });
  const { problem } = draft;

  useEffect(() => {
    const field = ref.current;
    if (!isFocused || !field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, [isFocused]);

  return (
    <>
      <textarea
        ref={ref}
        rows={4}
        className={classes.textarea}
        aria-label={label}
        aria-invalid={problem !== null}
        readOnly={draft.isBlocked}
        aria-describedby={hintId}
        value={draft.text}
        onChange={(event) => draft.setText(event.currentTarget.value)}
        onBlur={draft.onBlur}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') {
            event.preventDefault();
            draft.discard();
          }
          if (event.key === 'Enter' && !event.shiftKey && problem === null) {
            event.preventDefault();
            draft.submit();
          }
        }}
      />
      <span id={hintId} className={problem === null ? classes.hint : classes.hintProblem}>
        {problem ?? t('saveHint')}
      </span>
      <EditorNotice view={draft.view} />
    </>
  );
}
