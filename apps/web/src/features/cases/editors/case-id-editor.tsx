import type { CaseRow, ClientRecord } from '@meldesync/client';
import { useEffect, useId, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import { useRowName } from '../use-row-name.ts';
import classes from './editors.module.css';
import { textProblem } from './text-problem.ts';

interface CaseIdEditorProps {
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (caseId: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** One line over the cell. Enter and leaving it save, Escape discards. */
export function CaseIdEditor({ row, seen, onSave, onEnd }: CaseIdEditorProps) {
  const t = useTranslations('edit');
  const locale = useLocale();
  const rowName = useRowName();
  const problemId = useId();
  const ref = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  const [text, setText] = useState(row.caseId ?? '');
  const problem = textProblem('caseId', text, locale);
  const isTyped = text.trim() !== (row.caseId ?? '');
  const lock = useEditorLock({
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    typed: isTyped ? text : undefined,
    onRefused: () => finish(false, true),
  });

  useEffect(() => ref.current?.select(), []);

  const finish = (isSaved: boolean, returnFocus: boolean): void => {
    // Closing takes the focus away, which must not save a second time.
    if (isOver.current) return;
    isOver.current = true;
    if (isSaved && lock.isBlocked) lock.keepTyped();
    else if (isSaved && problem === null && isTyped) onSave(text.trim() === '' ? null : text);
    onEnd(returnFocus);
  };

  return (
    <>
      <input
        ref={ref}
        className={classes.input}
        aria-label={t('editCaseId', { row: rowName(row) })}
        aria-invalid={problem !== null}
        readOnly={lock.isBlocked}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => finish(true, false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter' && problem === null && !lock.isBlocked) finish(true, true);
          if (event.key === 'Escape') finish(false, true);
        }}
      />
      <EditorNotice view={lock.view} className={classes.below} />
      {problem === null ? null : (
        <span id={problemId} role="alert" className={classes.problem}>
          {problem}
        </span>
      )}
    </>
  );
}
