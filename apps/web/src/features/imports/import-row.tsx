import { Progress } from '@mantine/core';
import { formatBytes } from '@meldesync/client';
import { hasImportEnded, type ImportSummary } from '@meldesync/protocol';
import { useRef } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatExact, formatMoment } from '../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../i18n/use-clock.ts';
import { Avatar } from '../../people/avatar.tsx';
import { usePeople } from '../../people/use-people.tsx';
import { CancelImport } from './cancel-import.tsx';
import { ContinueImport } from './continue-import.tsx';
import type { ImportPace } from './import-pace.ts';
import { describeImportError } from './import-problem.ts';
import { ImportStatus } from './import-status.tsx';
import classes from './import-table.module.css';

interface ImportRowProps {
  readonly summary: ImportSummary;
  /** Of a running import, once it can be said. */
  readonly pace: ImportPace | null;
  readonly isOpen: boolean;
  readonly onOpen: (id: string) => void;
}

/** A file that has arrived: how far it is and what became of its rows. */
export function ImportRow({ summary, pace, isOpen, onOpen }: ImportRowProps) {
  const t = useTranslations('imports');
  const locale = useLocale();
  const person = usePeople().ofUser(summary.createdBy);
  const now = useClock(MINUTE_MS);
  const nameRef = useRef<HTMLButtonElement>(null);
  const { filename, rows, status } = summary;
  return (
    <tr className={classes.row} data-open={isOpen || undefined}>
      <td>
        <button
          ref={nameRef}
          type="button"
          className={classes.name}
          aria-label={t('open', { file: filename })}
          aria-expanded={isOpen}
          title={filename}
          onClick={() => onOpen(summary.id)}
        >
          {filename}
        </button>
        <span className={classes.detail}>{formatBytes(summary.sizeBytes, locale)}</span>
      </td>
      <td>
        <span className={classes.statusLine}>
          <ImportStatus status={status} />
          {status === 'paused' ? <ContinueImport summary={summary} heir={nameRef} /> : null}
          {status === 'paused' || !hasImportEnded(summary) ? <CancelImport summary={summary} heir={nameRef} /> : null}
        </span>
        {status === 'paused' ? <span className={classes.detail}>{t('pausedText')}</span> : null}
        {status === 'running' ? <RunningDetail summary={summary} pace={pace} /> : null}
        {summary.error ? <div className={classes.problem}>{describeImportError(summary.error, locale)}</div> : null}
      </td>
      <Count value={rows.new} />
      <Count value={rows.updated} />
      <Count value={rows.unchanged} />
      <Count value={rows.rejected} tone="bad" />
      <Count value={rows.warned} tone="warn" />
      <td>
        <span className={classes.person} title={person.name}>
          <Avatar person={person} />
          <span className={classes.personName}>{person.name}</span>
        </span>
      </td>
      <td className={classes.when} title={formatExact(summary.createdAt, locale)}>
        {formatMoment(summary.createdAt, now, locale)}
      </td>
    </tr>
  );
}

function RunningDetail({ summary, pace }: Pick<ImportRowProps, 'summary' | 'pace'>) {
  const t = useTranslations('imports');
  return (
    <>
      <div className={classes.progress}>
        <Progress
          className={classes.bar ?? ''}
          value={summary.progress * 100}
          size={4}
          aria-label={t('progress', { file: summary.filename })}
        />
      </div>
      {pace ? (
        <span className={classes.detail}>
          {t('rate', { rate: pace.rowsPerSecond })}
          {pace.secondsLeft === null ? null : ` · ${t('timeLeft', { seconds: pace.secondsLeft })}`}
        </span>
      ) : null}
    </>
  );
}

function Count({ value, tone }: { value: number; tone?: 'bad' | 'warn' }) {
  const locale = useLocale();
  const emphasis = tone ? classes[tone] : undefined;
  return (
    <td className={classes.number}>
      <span className={value === 0 ? classes.zero : emphasis}>{value.toLocaleString(locale)}</span>
    </td>
  );
}
