import {
  type AuditEntry,
  auditActorName,
  auditFieldName,
  auditKindName,
  auditSubjectName,
  auditValueName,
} from '@meldesync/protocol';
import type { CliContext } from '../context.ts';

/** As much of a value is shown in a list. */
const LONGEST = 60;

/** What an entry is, in words. */
export interface EntryText {
  readonly when: string;
  readonly who: string;
  readonly what: string;
  /** Case, record, or whom or what it is about. */
  readonly about: string;
  /** Each field, before and after. */
  readonly change: string;
  readonly from: string;
}

export function describeEntry(context: CliContext, entry: AuditEntry): EntryText {
  const { language, dates } = context;
  const { at, kind, caseId, record, address, via } = entry;
  return {
    when: dates.full(at),
    who: auditActorName(entry, language),
    what: auditKindName(kind, language),
    about:
      caseId ?? (record === null ? subjectOf(context, entry) : context.t('common.recordName', { id: String(record) })),
    change: entry.isErased ? context.t('audit.erased') : changeOf(context, entry),
    from: address ?? via ?? '',
  };
}

function subjectOf({ language }: CliContext, { subject, subjectName, actor }: AuditEntry): string {
  if (subject === null || subject === actor) return '';
  return subjectName ?? auditSubjectName(subject, language);
}

function changeOf(context: CliContext, { before, after }: AuditEntry): string {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((name) => {
      const [was, is] = [before?.[name], after?.[name]].map((value) => valueOf(context, name, value));
      const shown = before && after && name in before && name in after ? `${was} → ${is}` : is || was;
      return `${auditFieldName(name, context.language)}: ${shown}`;
    })
    .join(', ');
}

function valueOf({ t, language }: CliContext, field: string, value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return t('common.none');
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (typeof value === 'string') return shorten(auditValueName(field, value, language) ?? value);
  if (Array.isArray(value))
    return shorten(value.map((one) => valueOf({ t, language } as CliContext, field, one)).join(' '));
  return shorten(typeof value === 'number' ? String(value) : JSON.stringify(value));
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
