import { type FocusEvent, type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import classes from './editors.module.css';
import { focusAtEnd } from './text-area.tsx';

interface WaitingFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
  readonly isReadOnly?: boolean;
  /** The editor, once its code is there. */
  readonly children: ReactNode;
}

/**
 * Takes what is typed over a cell until the code of its editor is there, which then goes on with it. An accent or a word of
 * an input method that is under way is not torn apart by the exchange.
 */
export function WaitingField({ label, text, onText, onKeyDown, onBlur, isReadOnly, children }: WaitingFieldProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const [isComposing, setComposing] = useState(false);
  // Before the browser hears of another key, and writes the one that opened the editor.
  useLayoutEffect(() => {
    if (ref.current) focusAtEnd(ref.current);
  }, []);
  if (children && !isComposing) return children;
  return (
    <textarea
      ref={ref}
      rows={1}
      className={classes.input}
      aria-label={label}
      aria-busy="true"
      readOnly={isReadOnly}
      autoComplete="off"
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={() => setComposing(false)}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
    />
  );
}
