import type { AuditEntry } from '@meldesync/protocol';
import { memo, type ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatClock, formatExact } from '../../../i18n/format.ts';
import { Avatar } from '../../../people/avatar.tsx';
import { ACTIVE_CELL_ID } from '../../../ui/landmarks.ts';
import classes from './entries.module.css';
import { KindIcon } from './group-icon.tsx';
import { SealMark } from './seal-mark.tsx';
import { useEntryWords } from './use-entry-words.ts';

interface EntryRowProps {
  readonly entry: AuditEntry;
  readonly line: number;
  /** In pixels. */
  readonly top: number;
  readonly isOpen: boolean;
  /** The tab key leads here. */
  readonly isTabStop: boolean;
}

/** Who did what, when, from where, to which case. One row has the focus; its cells hold nothing to press. */
export const EntryRow = memo(function EntryRow({ entry, line, top, isOpen, isTabStop }: EntryRowProps) {
  const t = useTranslations('audit');
  const locale = useLocale();
  const words = useEntryWords();
  const person = words.personOf(entry);
  const summary = entry.isErased ? '' : words.summaryOf(entry);
  const from = [words.viaOf(entry), entry.address].filter((part) => part !== null).join(' · ');
  return (
    <div
      role="row"
      id={isTabStop ? ACTIVE_CELL_ID : undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-line={line}
      data-key={entry.key}
      aria-rowindex={line + 2}
      aria-current={isOpen || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Cell name="when">
        <time dateTime={entry.at} title={formatExact(entry.at, locale)}>
          {formatClock(Date.parse(entry.at), locale)}
        </time>
      </Cell>
      <Cell name="who">
        <Avatar person={person} />
        <span className={classes.name}>{person.name}</span>
      </Cell>
      <Cell name="what">
        <KindIcon kind={entry.kind} />
        <span className={classes.kind}>{words.kindOf(entry)}</span>
        {summary === '' ? null : <span className={classes.summary}>{summary}</span>}
      </Cell>
      <Cell name="case">{entry.caseId === null ? <None /> : <span className={classes.name}>{entry.caseId}</span>}</Cell>
      <Cell name="from">{from === '' ? <None /> : <span className={classes.faint}>{from}</span>}</Cell>
      <Cell name="seal">
        <span className="visually-hidden">{t('columns.seal')}: </span>
        <SealMark entry={entry} />
      </Cell>
    </div>
  );
});

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div role="gridcell" className={classes.cell} data-col={name}>
      {children}
    </div>
  );
}

function None() {
  return <span className={classes.faint}>–</span>;
}
