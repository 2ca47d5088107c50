import type { DetailedEntry } from '@meldesync/db';
import { CSV_MARK, csvLine } from '@meldesync/domain';
import { type AuditEntry, auditGroupName, auditGroupOf, auditKindName } from '@meldesync/protocol';
import type { ExportContext, ExportFormat } from './format-types.ts';

/** A column: its heading, and what an entry has in it. */
type Column = readonly [
  de: string,
  en: string,
  value: (entry: AuditEntry, detailed: DetailedEntry, language: 'de' | 'en') => unknown,
];

const COLUMNS: readonly Column[] = [
  ['Eintrag', 'Entry', ({ key }) => key],
  ['Zeit (UTC)', 'Time (UTC)', ({ at }) => at],
  ['Art', 'Kind', ({ kind }) => kind],
  ['Was', 'What', ({ kind }, _, language) => auditKindName(kind, language)],
  ['Gruppe', 'Group', ({ kind }, _, language) => groupNameOf(kind, language)],
  ['Person (Id)', 'Person (id)', ({ actor }) => actor],
  ['Person', 'Person', ({ actorName }) => actorName],
  ['Über', 'By way of', ({ via }) => via],
  ['Adresse', 'Address', ({ address }) => address],
  ['Sitzung', 'Session', ({ session }) => session],
  ['Arbeitsbereich', 'Workspace', ({ workspace }) => workspace],
  ['Datensatz', 'Record', ({ record }) => record],
  ['Version', 'Version', ({ version }) => version],
  ['Fallnummer', 'Case id', ({ caseId }) => caseId],
  ['Betrifft (Id)', 'About (id)', ({ subject }) => subject],
  ['Betrifft', 'About', ({ subjectName }) => subjectName],
  ['Vorgang', 'Operation', ({ operation }) => operation],
  ['Import', 'Import', (entry) => entry.import],
  ['Vorher', 'Before', ({ before }) => before && JSON.stringify(before)],
  ['Nachher', 'After', ({ after }) => after && JSON.stringify(after)],
  ['Siegel', 'Seal', ({ seal }) => seal],
  ['Stelle im Siegel', 'Place in the seal', (_, { leaf }) => leaf?.position],
  ['Gelöscht', 'Erased', ({ isErased }) => (isErased ? 1 : 0)],
];

/** CSV as a German spreadsheet opens it without questions. */
export function csvFormat({ language }: ExportContext): ExportFormat {
  const last = (word: string, count: number, code = '') =>
    csvLine([word, String(count), code, ...Array.from({ length: COLUMNS.length - 3 }, () => '')]);
  return {
    contentType: 'text/csv; charset=utf-8',
    extension: 'csv',
    begin: () => CSV_MARK + csvLine(COLUMNS.map(([de, en]) => (language === 'de' ? de : en))),
    entry: (detailed) => csvLine(COLUMNS.map(([, , value]) => textOf(value(detailed.entry, detailed, language)))),
    end: (count) => last('export-complete', count),
    cutOff: (count, code) => last('export-cut-off', count, code),
  };
}

function groupNameOf(kind: string, language: 'de' | 'en'): string {
  const group = auditGroupOf(kind);
  return group === undefined ? '' : auditGroupName(group, language);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
