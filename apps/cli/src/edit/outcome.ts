import type { ClientRecord } from '@meldesync/client';
import {
  describeError,
  type EditItem,
  type EditOutcome,
  type RecordPatch,
  type SyncedRecord,
} from '@meldesync/protocol';
import { type CliContext, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { exitOfCode } from '../failure.ts';
import { describeRecord } from '../output/case-text.ts';
import { describeEditable } from '../output/editable.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/text.ts';
import { asideWidth } from '../output/width.ts';
import type { People } from '../session/people.ts';

/** An item that was sent, the record it was about, and what became of it. */
export interface SettledItem {
  readonly item: EditItem;
  readonly record: ClientRecord;
  readonly outcome: EditOutcome;
}

/** The exit code of an edit: a conflict says most, then a missing right, then any other refusal. */
export function exitOfEdit(outcomes: readonly EditOutcome[]): ExitCode {
  if (outcomes.some(({ outcome }) => outcome === 'conflict')) return EXIT.conflict;
  const exits = outcomes.flatMap((each) => (each.outcome === 'rejected' ? [exitOfCode(each.code)] : []));
  return exits.find((exit) => exit === EXIT.denied || exit === EXIT.conflict) ?? exits[0] ?? EXIT.ok;
}

/** What became of an item, for scripts. */
export function outcomeToJson({ item, record, outcome }: SettledItem, context: CliContext, people: People): object {
  const { caseId, vorgangsnummer } = record;
  const base = { ...outcome, caseId, vorgangsnummer };
  if (outcome.outcome === 'conflict') {
    const by = people.describe(outcome.current.updatedBy);
    return { ...base, current: { ...outcome.current, updatedByName: by }, attempted: item.set };
  }
  return outcome.outcome === 'rejected' ? { ...base, message: describeError(outcome.code, context.language) } : base;
}

/** Says what became of an item: to standard output what was applied, to standard error what was not. */
export function printOutcome({ item, record, outcome }: SettledItem, context: CliContext, people: People): void {
  const { t, style, errorStyle, language } = context;
  const name = describeRecord(record, context);
  if (outcome.outcome === 'accepted') {
    print(context, `${style.green('✓')} ${t('edit.accepted', { record: name, version: outcome.version })}`);
  } else if (outcome.outcome === 'rejected') {
    const reason = describeError(outcome.code, language);
    printAside(context, `${errorStyle.red('✗')} ${t('edit.rejected', { record: name, reason })}`, '  ');
  } else {
    printConflict(name, item, outcome.current, context, people);
  }
}

/** R2.2: who was first and when, and for each field what stands against what was wanted. */
function printConflict(name: string, item: EditItem, current: SyncedRecord, context: CliContext, people: People): void {
  const { t, errorStyle, dates, terminal } = context;
  const sentence = t('edit.conflict', {
    record: name,
    who: printable(people.describe(current.updatedBy)),
    when: dates.full(current.updatedAt),
    current: current.version,
    base: item.baseVersion,
  });
  printAside(context, `${errorStyle.red('✗')} ${sentence}`, '  ');
  const columns = [t('edit.conflictField'), t('edit.conflictCurrent'), t('edit.conflictMine')].map((header) => ({
    header,
    minWidth: 8,
    dropOrder: 0,
  }));
  const rows = (Object.keys(item.set) as Array<keyof RecordPatch>).map((field) => [
    t(`fields.${field}`),
    describeEditable(field, current[field], context, people),
    describeEditable(field, item.set[field] ?? null, context, people),
  ]);
  for (const line of renderTable(columns, rows, errorStyle, asideWidth(terminal) - 4))
    terminal.stderr.write(`    ${line}\n`);
  printAside(context, `  ${t('edit.conflictHint', { version: String(current.version) })}`);
}
