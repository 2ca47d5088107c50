import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import classes from './editors.module.css';
import type { Draft } from './use-draft.ts';

interface TextAreaProps {
  readonly label: string;
  readonly draft: Draft;
}

/** A text over several lines, with the caret at its end. Enter and leaving it save, Shift+Enter begins a line, Escape discards. */
export function TextArea({ label, draft }: TextAreaProps) {
  const t = useTranslations('edit');
  const hintId = useId();
  const ref = useRef<HTMLTextAreaElement>(null);
  const isPressed = useRef(false);
  const { problem } = draft;

  // Before the browser hears of another key.
  useLayoutEffect(() => {
    if (ref.current) focusAtEnd(ref.current);
  }, []);

  /** The rest of the clicks that opened it marks no word, which the first letter would replace. */
  const onMouseDown = (event: MouseEvent): void => {
    if (event.detail > 1 && !isPressed.current) event.preventDefault();
    else isPressed.current = true;
  };

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
        onMouseDown={onMouseDown}
        onKeyDown={(event) => onTextKey(event, draft)}
      />
      <span id={hintId} className={problem === null ? classes.hint : classes.hintProblem}>
        {problem ?? t('saveHint')}
      </span>
      <EditorNotice view={draft.view} />
    </>
  );
}

/** Puts the caret behind what is there. */
export function focusAtEnd(field: HTMLInputElement | HTMLTextAreaElement): void {
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
}

/** What keys do in a field for a text. */
export function onTextKey(event: KeyboardEvent, draft: Draft): void {
  event.stopPropagation();
  if (event.key === 'Escape') {
    event.preventDefault();
    draft.discard();
  }
  if (event.key === 'Enter' && !event.shiftKey && draft.problem === null) {
    event.preventDefault();
    draft.submit();
  }
}
