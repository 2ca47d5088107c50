import type { ConflictRow } from '@meldesync/client';
import { isOfKind } from '@meldesync/domain';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { usePeople } from '../../people/use-people.tsx';
import classes from './conflict-dialog.module.css';
import type { Choice } from './decision.ts';
import { diffTexts } from './text-diff.ts';
import { useFieldTexts } from './value-text.ts';

interface ConflictFieldRowProps {
  readonly row: ConflictRow;
  /** Null when there is nothing to choose. */
  readonly choice: Choice | null;
  readonly onChoose: (choice: Choice) => void;
}

/** One field: what it was, what it is now, what the person wanted, and which of the two it shall be. */
export function ConflictFieldRow({ row, choice, onChoose }: ConflictFieldRowProps) {
  const t = useTranslations('conflicts');
  const people = usePeople();
  const { nameOf } = useFieldTexts();
  const group = useId();
  const { field, attempted, base, current } = row;
  const name = nameOf(field);
  const theirs = row.by === null ? t('theirs') : t('theirsBy', { name: people.ofActor(row.by).name });
  return (
    <fieldset className={classes.field} role={choice ? 'radiogroup' : undefined}>
      <legend className={classes.name}>{name}</legend>
      <div className={classes.values}>
        <Version label={t('base')}>
          <Value field={field} value={base} />
        </Version>
        <Version label={theirs} isChosen={choice === 'theirs'}>
          {current === base ? (
            <span className={classes.none}>{t('unchanged')}</span>
          ) : (
            <Value field={field} value={current} before={base} />
          )}
          {choice ? choiceOf('theirs') : null}
        </Version>
        <Version label={t('mine')} isChosen={choice === 'mine'}>
          {row.isAttempted ? (
            <Value field={field} value={attempted} before={base} />
          ) : (
            <span className={classes.none}>{t('untouched')}</span>
          )}
          {choice ? choiceOf('mine') : null}
        </Version>
      </div>
    </fieldset>
  );

  function choiceOf(which: Choice): ReactNode {
    const text = which === 'theirs' ? t('takeTheirs') : t('takeMine');
    return (
      <label className={classes.choice}>
        <input
          type="radio"
          name={group}
          aria-label={`${name}: ${text}`}
          checked={choice === which}
          data-autofocus={choice === which || undefined}
          onChange={() => onChoose(which)}
        />
        {text}
      </label>
    );
  }
}

interface VersionProps {
  readonly label: string;
  readonly isChosen?: boolean;
  readonly children: ReactNode;
}

function Version({ label, isChosen = false, children }: VersionProps) {
  return (
    <div className={classes.version} data-chosen={isChosen || undefined}>
      <span className={classes.label}>{label}</span>
      {children}
    </div>
  );
}

interface ValueProps {
  readonly field: ConflictRow['field'];
  readonly value: ConflictRow['current'];
  /** What it is compared with. */
  readonly before?: ConflictRow['current'];
}

/** A value in words; a text shows what was taken out and put in. Long ones scroll, also by keyboard. */
function Value({ field, value, before }: ValueProps) {
  const t = useTranslations('conflicts');
  const { nameOf, valueOf } = useFieldTexts();
  if (field === 'ibe') return <span>{before === undefined ? t('ibeBefore') : t('ibeReplaced')}</span>;
  if (value === null) return <span className={classes.none}>{t('empty')}</span>;
  const isText = isOfKind(field, 'text');
  const parts = isText && typeof value === 'string' && typeof before === 'string' ? diffTexts(before, value) : null;
  if (!isText) return <span className={classes.value}>{valueOf(field, value)}</span>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached with the keyboard
    <span className={classes.text} tabIndex={0} role="group" aria-label={nameOf(field)}>
      {parts
        ? parts.map(({ kind, text }, index) => {
            const key = `${index}:${kind}`;
            if (kind === 'same') return <span key={key}>{text}</span>;
            return kind === 'added' ? <ins key={key}>{text}</ins> : <del key={key}>{text}</del>;
          })
        : valueOf(field, value)}
    </span>
  );
}
