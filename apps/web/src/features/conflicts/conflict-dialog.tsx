import { Button } from '@mantine/core';
import type { ConflictChoices } from '@meldesync/client';
import { describeError } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useRowName } from '../../editing/use-row-name.ts';
import { formatDate, formatTime } from '../../i18n/format.ts';
import { Avatar } from '../../people/avatar.tsx';
import { usePeople } from '../../people/use-people.tsx';
import type { OpenConflict } from '../../sync/conflict-queue.ts';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './conflict-dialog.module.css';
import { ConflictFieldRow } from './conflict-field.tsx';
import { type Choice, chooseEverywhere, isChoosable, rowsOf } from './decision.ts';
import { useUnmeantKeys } from './use-unmeant-keys.ts';

interface ConflictDialogProps {
  readonly conflict: OpenConflict;
  /** Its place among those that are decided in one go, from 1. */
  readonly number: number;
  readonly count: number;
  /** It did not open by itself: the first key is for it. */
  readonly isAskedFor: boolean;
  readonly onDecide: (choices: ConflictChoices) => void;
  /** Decides all that wait in the same way. */
  readonly onDecideAll: (choice: Choice) => void;
  /** Nothing is decided yet: all that wait go on waiting. */
  readonly onPutOff: () => void;
}

/** Who was first and when, what it was, is and should have been, field by field, and what shall stand (R2.2). */
export function ConflictDialog({
  conflict,
  number,
  count,
  isAskedFor,
  onDecide,
  onDecideAll,
  onPutOff,
}: ConflictDialogProps) {
  const hasRefusedKey = useUnmeantKeys(isAskedFor);
  const t = useTranslations('conflicts');
  const title = count > 1 ? `${t('title')} · ${t('position', { number, count })}` : t('title');
  return (
    <Dialog title={title} width={860} onClose={onPutOff} isSticky>
      <Head conflict={conflict} />
      <div role="status">
        {hasRefusedKey ? (
          <p className={classes.note} data-kind="again">
            {t('turnToIt')}
          </p>
        ) : null}
      </div>
      {/* A new one begins with the focus on its first choice. */}
      <Body key={conflict.edits[0].outcome.conflict} conflict={conflict} onDecide={onDecide} />
      {count - number > 0 ? (
        <div className={classes.every}>
          {t('everyConflict', { count: count - number + 1 })}
          <Button variant="default" onClick={() => onDecideAll('theirs')}>
            {t('takeTheirs')}
          </Button>
          <Button variant="default" onClick={() => onDecideAll('mine')}>
            {t('takeMine')}
          </Button>
        </div>
      ) : null}
    </Dialog>
  );
}

/** Who and when; read out when the next conflict takes the place of this one. */
function Head({ conflict: { edits, attempt } }: { conflict: OpenConflict }) {
  const t = useTranslations('conflicts');
  const locale = useLocale();
  const people = usePeople();
  const name = useConflictName();
  const [{ outcome }] = edits;
  const person = people.ofActor(outcome.current.updatedBy);
  const at = new Date(outcome.current.updatedAt);
  return (
    <div aria-live="polite">
      <div className={classes.who}>
        <Avatar person={person} size={32} />
        <p>
          {t('who', {
            name: person.name,
            row: name(edits),
            date: formatDate(at, locale),
            time: formatTime(at, locale),
          })}
        </p>
      </div>
      {attempt === 'conflict' ? (
        <p className={classes.note} data-kind="again">
          {t('again')}
        </p>
      ) : null}
      {attempt !== 'conflict' && attempt !== 'none' ? (
        <p className={classes.note} data-kind="problem">
          {t('failed', { reason: describeError(attempt, locale) })}
        </p>
      ) : null}
      {outcome.overlaps ? null : <p className={classes.note}>{t('noOverlap')}</p>}
    </div>
  );
}

function Body({ conflict, onDecide }: Pick<ConflictDialogProps, 'conflict' | 'onDecide'>) {
  const t = useTranslations('conflicts');
  const [choices, setChoices] = useState<ConflictChoices>({});
  const [{ outcome }] = conflict.edits;
  const rows = rowsOf(conflict);
  const choiceOf = (field: keyof ConflictChoices): Choice => (choices[field] === 'mine' ? 'mine' : 'theirs');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDecide(outcome.overlaps ? choices : chooseEverywhere(rows, 'mine'));
      }}
    >
      <div className={classes.fields}>
        {rows.map((row) => (
          <ConflictFieldRow
            key={row.field}
            row={row}
            choice={outcome.overlaps && isChoosable(row) ? choiceOf(row.field) : null}
            onChoose={(choice) => setChoices({ ...choices, [row.field]: choice })}
          />
        ))}
      </div>
      {outcome.overlaps && rows.filter(isChoosable).length > 1 ? (
        <div className={classes.every}>
          {t('everyField')}
          <Button variant="default" onClick={() => setChoices({})}>
            {t('takeTheirs')}
          </Button>
          <Button variant="default" onClick={() => setChoices(chooseEverywhere(rows, 'mine'))}>
            {t('takeMine')}
          </Button>
        </div>
      ) : null}
      <div className={classes.actions}>
        {outcome.overlaps ? (
          <Button type="submit">{t('apply')}</Button>
        ) : (
          <>
            <Button variant="default" onClick={() => onDecide({})}>
              {t('discard')}
            </Button>
            <Button type="submit" data-autofocus>
              {t('applyAnyway')}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

/** The case of a conflict, with the half where it is only one. */
export function useConflictName(): (edits: OpenConflict['edits']) => string {
  const t = useTranslations('conflicts.halves');
  const rowName = useRowName();
  return ([{ seen }, ...others]) =>
    others.length > 0 || seen.caseId === null
      ? rowName(seen)
      : t(seen.mb?.artDerDaten ?? 'none', { row: rowName(seen) });
}
