import type { AppliedChange, ClientRecord } from '@meldesync/client';
import { describeFieldValue, differingFields, EDITABLE_FIELDS } from '@meldesync/domain';
import type { CliContext } from '../context.ts';
import type { People } from '../session/people.ts';
import { describeRecord } from './case-text.ts';
import { describeEditable } from './editable.ts';
import { printable } from './text.ts';

/** A change in one line: when, who, which record, what. */
export function describeChange(applied: AppliedChange, context: CliContext, people: People): string {
  const { style, dates } = context;
  const { change, before, after } = applied;
  // A record that just got its case id is named by it; a deleted one by what it was.
  const record = after ?? before;
  const name = record === undefined ? '' : describeRecord(record, context);
  return [
    style.dim(dates.clock(change.at)),
    style.cyan(printable(people.describe(change.by))),
    style.bold(printable(name)),
    printable(describeWhat(applied, context, people)),
  ].join('  ');
}

/** The same for scripts; `before` and `after` hold the fields that changed. */
export function changeToJson({ change, before, after }: AppliedChange, people: People): object {
  const record = after ?? before;
  const fields = Object.keys(change.set) as Array<keyof typeof change.set>;
  const pick = (from: ClientRecord | undefined) =>
    from === undefined ? null : Object.fromEntries(fields.map((field) => [field, from[field]]));
  return {
    type: 'change',
    at: change.at,
    by: change.by,
    byName: people.describe(change.by),
    via: change.via,
    op: change.op,
    record: change.record,
    version: change.version,
    caseId: record?.caseId ?? null,
    vorgangsnummer: record?.vorgangsnummer ?? null,
    before: pick(before),
    after: pick(after),
  };
}

function describeWhat({ before, after }: AppliedChange, context: CliContext, people: People): string {
  const { t, language } = context;
  if (after === undefined) return t('watch.deleted');
  if (before === undefined) {
    const { mb } = after;
    const what =
      mb === null
        ? t('common.unreadable')
        : [
            describeFieldValue('typ', mb.typ, language),
            describeFieldValue('leistungsdatum', mb.leistungsdatum, language),
            mb.qualitaetskontrolle === 1 ? t('list.qcPassed') : t('list.qcFailed'),
          ].join(', ');
    return t('watch.inserted', { what });
  }
  const changed = differingFields(EDITABLE_FIELDS, before, after).map((field) =>
    t('watch.changed', {
      field: t(`fields.${field}`),
      before: describeEditable(field, before[field], context, people),
      after: describeEditable(field, after[field], context, people),
    }),
  );
  const hasNewContent = before.ibe !== after.ibe || before.vorgangsnummer !== after.vorgangsnummer;
  return [...changed, ...(hasNewContent ? [t('watch.content')] : [])].join(', ') || t('watch.nothing');
}
