import { CloseButton, Loader } from '@mantine/core';
import type { CaseRow } from '@meldesync/client';
import { type FieldOf, PERSON_FIELDS } from '@meldesync/domain';
import { roleAllows } from '@meldesync/protocol';
import { IconCircleCheck, IconCircleDashed, IconUser } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRole } from '../../../sync/use-connection.ts';
import { PersonPicker } from '../editors/person-picker.tsx';
import { useSelection, useSelectionRevision } from '../selection/selection-context.tsx';
import classes from './bulk-bar.module.css';
import { useBulk } from './use-bulk.tsx';

interface BulkBarProps {
  /** Reads the rows that are shown, in view or not, as they are now. */
  readonly readShown: () => readonly CaseRow[];
}

/** What can be done with the selected cases. Lies over the end of the list, so that it moves no row. */
export function BulkBar({ readShown }: BulkBarProps) {
  const t = useTranslations('selection');
  const tShell = useTranslations('shell');
  const selection = useSelection();
  const hidden = useHiddenCount(readShown);
  const mayEdit = roleAllows(useRole(), 'editor');
  const { isBusy, run } = useBulk();
  const barRef = useRef<HTMLDivElement>(null);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') selection.clear();
  });
  useEffect(() => {
    const bar = barRef.current;
    bar?.addEventListener('keydown', onKey);
    return () => bar?.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div ref={barRef} role="group" aria-label={t('bar')} className={classes.bar}>
      <span className={classes.count}>
        {t('count', { count: selection.size })}
        {hidden > 0 ? <span className={classes.hidden}>{t('hidden', { count: hidden })}</span> : null}
      </span>
      {mayEdit ? (
        <>
          <button
            type="button"
            className={classes.action}
            aria-disabled={isBusy}
            onClick={() => run({ field: 'done', value: true })}
          >
            <IconCircleCheck size={16} aria-hidden="true" />
            {t('markDone')}
          </button>
          <button
            type="button"
            className={classes.action}
            aria-disabled={isBusy}
            onClick={() => run({ field: 'done', value: false })}
          >
            <IconCircleDashed size={16} aria-hidden="true" />
            {t('reopen')}
          </button>
          {PERSON_FIELDS.map((field) => (
            <PersonAction key={field} field={field} isBusy={isBusy} onPick={(value) => run({ field, value })} />
          ))}
        </>
      ) : (
        <span className={classes.hidden}>{tShell('viewerReason')}</span>
      )}
      {isBusy ? <Loader size={16} color="gray" aria-label={t('working')} /> : null}
      <CloseButton size="sm" aria-label={t('clear')} title={t('clear')} onClick={() => selection.clear()} />
    </div>
  );
}

interface PersonActionProps {
  readonly field: FieldOf<'person'>;
  readonly isBusy: boolean;
  readonly onPick: (person: string | null) => void;
}

/** Sets a person in all selected cases, or nobody. */
function PersonAction({ field, isBusy, onPick }: PersonActionProps) {
  const t = useTranslations('selection');
  const tEdit = useTranslations('edit');
  const [isPicking, setPicking] = useState(false);
  const buttonRef = useRef<HTMLButtonElement>(null);
  return (
    <span className={classes.picker}>
      <button
        ref={buttonRef}
        type="button"
        className={classes.action}
        aria-disabled={isBusy}
        aria-haspopup="listbox"
        aria-expanded={isPicking}
        // Else the press would close the list by taking its focus, and the click open it again.
        onMouseDown={(event) => isPicking && event.preventDefault()}
        onClick={() => setPicking(!isPicking && !isBusy)}
      >
        <IconUser size={16} aria-hidden="true" />
        {t(`choose.${field}`)}
      </button>
      {isPicking ? (
        <PersonPicker
          label={tEdit(field)}
          current={undefined}
          position="top-start"
          onPick={onPick}
          onEnd={(returnFocus) => {
            setPicking(false);
            if (returnFocus) buttonRef.current?.focus();
          }}
        />
      ) : null}
    </span>
  );
}

/** How many selected cases are not shown. */
function useHiddenCount(readShown: () => readonly CaseRow[]): number {
  const selection = useSelection();
  const revision = useSelectionRevision();
  return useMemo(() => {
    if (revision === 0) return 0;
    return selection.size - readShown().filter(({ key }) => selection.has(key)).length;
  }, [revision, readShown, selection]);
}
