import type { CaseRow } from '@meldesync/client';
import { useEffect, useId, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useRowName } from '../use-row-name.ts';
import classes from './editors.module.css';
import { textProblem } from './text-problem.ts';

interface CaseIdEditorProps {
  readonly row: CaseRow;
  readonly onSave: (caseId: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** One line over the cell. Enter and leaving it save, Escape discards. */
export function CaseIdEditor({ row, onSave, onEnd }: CaseIdEditorProps) {
  const t = useTranslations('edit');
  const locale = useLocale();
  const rowName = useRowName();
  const problemId = useId();
  const ref = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  const [text, setText] = useState(row.caseId ?? '');
  const problem = textProblem('caseId', text, locale);

  useEffect(() => ref.current?.select(), []);

  const finish = (isSaved: boolean, returnFocus: boolean): void => {
    // Closing takes the focus away, which must not save a second time.
    if (isOver.current) return;
    isOver.current = true;
    if (isSaved && problem === null && text.trim() !== (row.caseId ?? '')) onSave(text.trim() === '' ? null : text);
    onEnd(returnFocus);
  };

  return (
    <>
      <input
        ref={ref}
        className={classes.input}
        aria-label={t('editCaseId', { row: rowName(row) })}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => finish(true, false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && problem === null) finish(true, true);
          if (event.key === 'Escape') finish(false, true);
        }}
      />
      {problem === null ? null : (
        <span id={problemId} role="alert" className={classes.problem}>
          {problem}
        </span>
      )}
    </>
  );
}
