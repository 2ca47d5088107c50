import type { CaseRow, ClientRecord } from '@meldesync/client';
import { useId, useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import classes from './editors.module.css';
import { useDraft } from './use-draft.ts';

interface CaseIdEditorProps {
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (caseId: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** One line over the cell. Enter and leaving it save, Escape discards. */
export function CaseIdEditor({ row, seen, onSave, onEnd }: CaseIdEditorProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const problemId = useId();
  const ref = useRef<HTMLInputElement>(null);
  const draft = useDraft({
    field: 'caseId',
    stored: row.caseId,
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    onSave,
    onEnd,
  });
  const { problem } = draft;

  // Before the browser hears of another key.
  useLayoutEffect(() => {
    ref.current?.focus({ preventScroll: true });
    ref.current?.select();
  }, []);

  return (
    <>
      <input
        ref={ref}
        className={classes.input}
        aria-label={t('editField.caseId', { row: rowName(row) })}
        aria-invalid={problem !== null}
        readOnly={draft.isBlocked}
        aria-describedby={problem === null ? undefined : problemId}
        autoComplete="off"
        spellCheck={false}
        value={draft.text}
        onChange={(event) => draft.setText(event.currentTarget.value)}
        onBlur={draft.onBlur}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') draft.submit();
          if (event.key === 'Escape') draft.discard();
        }}
      />
      <EditorNotice view={draft.view} className={classes.below} />
      {problem === null ? null : (
        <span id={problemId} role="alert" className={classes.problem}>
          {problem}
        </span>
      )}
    </>
  );
}
