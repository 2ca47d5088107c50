import type { CaseRow, ClientRecord } from '@meldesync/client';
import { describeFieldValue } from '@meldesync/domain';
import type { CliContext } from '../context.ts';
import type { Style } from './style.ts';
import { printable } from './text.ts';

/** Digits of a Vorgangsnummer that a list shows: enough for `show` and `edit` to find the record by. */
const SHORT_DIGITS = 10;

/** A Vorgangsnummer as people tell it from others. */
function shortVorgangsnummer(vorgangsnummer: string): string {
  return `${vorgangsnummer.slice(0, SHORT_DIGITS)}…`;
}

/** What a case is called in a list: its case id, else the beginning of its Vorgangsnummer. */
export function caseLabel(row: CaseRow): string {
  return row.caseId ?? shortVorgangsnummer(recordsOf(row)[0]?.vorgangsnummer ?? '');
}

/** Every record of a case, G before C. */
export function recordsOf(row: CaseRow): readonly ClientRecord[] {
  return [...row.genomic, ...row.clinical, ...row.unreadable];
}

/** The kind of a record in a word. */
export function describeKind(record: ClientRecord, { t }: CliContext): string {
  if (record.mb === null) return t('common.unreadable');
  return record.mb.artDerDaten === 'G' ? t('common.genomic') : t('common.clinical');
}

/** A record in a few words: `Fall F-10234 · Genomisch · Datensatz 17`. */
export function describeRecord(record: ClientRecord, context: CliContext): string {
  const { t } = context;
  return `${describeCaseOf([record], context)} · ${describeKind(record, context)} · ${t('common.recordName', { id: String(record.id) })}`;
}

/** The case of some of its records: `Fall F-10234`, or the beginning of the Vorgangsnummer where it has no id. */
export function describeCaseOf(records: ReadonlyArray<ClientRecord | undefined>, { t }: CliContext): string {
  const record = records.find((candidate) => candidate !== undefined);
  if (record === undefined) return t('common.deletedRecord');
  return record.caseId === null
    ? shortVorgangsnummer(record.vorgangsnummer)
    : t('common.caseName', { caseId: printable(record.caseId) });
}

/** The status of a case, a sign and a word. */
export function describeStatus(row: CaseRow, { t }: CliContext): string {
  const { completeness, valid, done } = row.status;
  if (done) return `✓ ${t('status.done')}`;
  if (row.genomic.length + row.clinical.length === 0) return `! ${t('status.unreadable')}`;
  if (completeness === 'genomic-only') return `◐ ${t('status.onlyGenomic')}`;
  if (completeness === 'clinical-only') return `◑ ${t('status.onlyClinical')}`;
  return valid ? `● ${t('status.valid')}` : `○ ${t('status.notValid')}`;
}

/** Paints a status; the sign and the word say the same without colour. */
export function paintStatus(row: CaseRow, text: string, style: Style): string {
  const { completeness, valid, done } = row.status;
  if (done) return style.dim(text);
  if (row.genomic.length + row.clinical.length === 0) return style.red(text);
  if (completeness !== 'complete') return text;
  return valid ? style.green(text) : style.yellow(text);
}

/** One half of a case: the newest record's Leistungsdatum and quality control, and how many more there are. */
export function describeHalf(records: readonly ClientRecord[], { t, dates }: CliContext): string {
  const [newest, ...older] = records;
  if (newest?.mb === null || newest === undefined) return t('common.none');
  const { leistungsdatum, qualitaetskontrolle } = newest.mb;
  const passed = qualitaetskontrolle === 1 ? t('list.qcPassed') : t('list.qcFailed');
  return `${dates.day(leistungsdatum)} ${passed}${older.length > 0 ? ` +${older.length}` : ''}`;
}

/** The different values of a field over the records of a case, newest first, in words. */
export function describeValues(row: CaseRow, field: 'typ', { language }: CliContext): string {
  const values = recordsOf(row).flatMap(({ mb }) =>
    mb === null ? [] : [describeFieldValue(field, mb[field], language)],
  );
  return [...new Set(values)].join(', ');
}

/** The letters of the Indikationsbereich, usually one. */
export function indikationOf(row: CaseRow): string {
  return [...new Set(recordsOf(row).flatMap(({ mb }) => (mb === null ? [] : [mb.indikation])))].join(', ');
}
