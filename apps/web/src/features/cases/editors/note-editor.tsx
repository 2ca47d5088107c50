import { useEffect, useId, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import type { Wish } from '../../locks/free-watch.ts';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import classes from './editors.module.css';
import { textProblem } from './text-problem.ts';

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
  const locale = useLocale();
  const hintId = useId();
  const ref = useRef<HTMLTextAreaElement>(null);
  const isOver = useRef(false);
  const [text, setText] = useState(note ?? '');
  const problem = textProblem('note', text, locale);
  const isTyped = text.trim() !== (note ?? '');
  const lock = useEditorLock({
    subject,
    typed: isTyped ? text : undefined,
    onRefused: () => finish(false, true),
  });

  useEffect(() => {
    const field = ref.current;
    if (!isFocused || !field) return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, [isFocused]);

  const finish = (isSaved: boolean, returnFocus: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    if (isSaved && lock.isBlocked) lock.keepTyped();
    else if (isSaved && problem === null && isTyped) onSave(text.trim() === '' ? null : text);
    onEnd(returnFocus);
  };

  return (
    <>
      <textarea
        ref={ref}
        rows={4}
        className={classes.textarea}
        aria-label={label}
        aria-invalid={problem !== null}
        readOnly={lock.isBlocked}
        aria-describedby={hintId}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => finish(true, false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') {
            event.preventDefault();
            finish(false, true);
          }
          if (event.key === 'Enter' && !event.shiftKey && problem === null) {
            event.preventDefault();
            if (!lock.isBlocked) finish(true, true);
          }
        }}
      />
      <span id={hintId} className={problem === null ? classes.hint : classes.hintProblem}>
        {problem ?? t('saveHint')}
      </span>
      <EditorNotice view={lock.view} />
    </>
  );
}
