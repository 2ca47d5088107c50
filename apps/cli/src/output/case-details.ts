import { createHash } from 'node:crypto';
import type { CaseRow, ClientRecord } from '@meldesync/client';
import {
  describeField,
  describeFieldValue,
  describeFinding,
  EDITABLE_FIELDS,
  type Meldebestaetigung,
  validateMeldebestaetigung,
} from '@meldesync/domain';
import type { CliContext } from '../context.ts';
import type { People } from '../session/people.ts';
import { describeKind, describeStatus, paintStatus, recordsOf } from './case-text.ts';
import { describeEditable } from './editable.ts';
import { renderPairs } from './pairs.ts';
import { printable } from './text.ts';
import { outputWidth } from './width.ts';

const FIELDS = [
  'code',
  'leistungsdatum',
  'zaehler',
  'leistungserbringerId',
  'datenknotenId',
  'typ',
  'indikation',
  'produktzuordnung',
  'kostentraeger',
  'artDerDaten',
  'artDerSequenzierung',
  'qualitaetskontrolle',
  'hash',
] as const satisfies ReadonlyArray<keyof Meldebestaetigung>;

/** Lines with everything about a case in words. */
export function describeCase(row: CaseRow, context: CliContext, people: People): string[] {
  const { t, style, dates } = context;
  const name = row.caseId === null ? t('common.withoutCase') : t('common.caseName', { caseId: printable(row.caseId) });
  const latest = t('show.latest', { when: dates.full(row.latest.at), who: printable(people.describe(row.latest.by)) });
  return [
    `${style.bold(name)} · ${paintStatus(row, describeStatusInFull(row, context), style)}`,
    style.dim(latest),
    ...recordsOf(row).flatMap((record) => describeRecordInFull(record, context, people)),
  ];
}

/** A list has room for one word; here each aspect is said. */
function describeStatusInFull(row: CaseRow, context: CliContext): string {
  const { t } = context;
  const { completeness, valid, done } = row.status;
  if (recordsOf(row).every(({ mb }) => mb === null)) return describeStatus(row, context);
  const completenessText = {
    complete: t('status.complete'),
    'clinical-only': t('status.onlyClinical'),
    'genomic-only': t('status.onlyGenomic'),
  }[completeness];
  return [
    completenessText,
    valid ? t('status.valid') : t('status.notValid'),
    done ? t('status.done') : t('status.notDone'),
  ].join(', ');
}

function describeRecordInFull(record: ClientRecord, context: CliContext, people: People): string[] {
  const { t, style, language, dates } = context;
  const { mb } = record;
  const heading = t('show.record', {
    kind: describeKind(record, context),
    id: String(record.id),
    version: String(record.version),
  });
  const parsed =
    mb === null
      ? []
      : FIELDS.map(
          (field) => [describeField(field, language), describeFieldValue(field, mb[field], language)] as const,
        );
  const pairs: Array<readonly [string, string]> = [
    ...EDITABLE_FIELDS.map(
      (field) => [t(`fields.${field}`), describeEditable(field, record[field], context, people)] as const,
    ),
    [t('fields.vorgangsnummer'), record.vorgangsnummer],
    ...parsed,
    [t('fields.ibe'), record.ibe],
    [t('fields.findings'), findingsOf(record, context)],
    [t('fields.latest'), `${dates.full(record.updatedAt)} ${people.describe(record.updatedBy)}`],
  ];
  return ['', style.bold(heading), ...renderPairs(pairs, style, outputWidth(context.terminal), '  ')];
}

/** What speaks against the record, one finding a line. */
function findingsOf({ vorgangsnummer, ibe }: ClientRecord, { t, language }: CliContext): string {
  const sha256Hex = (ascii: string) => createHash('sha256').update(ascii, 'ascii').digest('hex');
  const { findings } = validateMeldebestaetigung({ vorgangsnummer, ibe }, { sha256Hex });
  if (findings.length === 0) return t('show.findingsNone');
  return findings.map((finding) => describeFinding(finding, language)).join('\n');
}
