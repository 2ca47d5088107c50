import { conflictRows, type SettledEdit } from '@meldesync/client';
import { describeError, type EditOutcome, type RecordLock } from '@meldesync/protocol';
import { conflictFieldsToJson } from '../conflict/conflict-json.ts';
import { conflictTable } from '../conflict/conflict-table.ts';
import { printResolveCalls } from '../conflict/resolve-call.ts';
import { type CliContext, type GlobalOptions, print, printAside, printAsideWhole } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { exitOfCode } from '../failure.ts';
import { describeHolder, liveLockToJson, toLiveTimes } from '../lock/lock-text.ts';
import { describeCaseOf, describeRecord } from '../output/case-text.ts';
import { printable } from '../output/text.ts';
import type { People } from '../session/people.ts';

type Conflict = Extract<EditOutcome, { outcome: 'conflict' }>;

/** The exit code of an edit: a conflict says most, then a missing right, a lock, then any other refusal. */
export function exitOfEdit(outcomes: readonly EditOutcome[]): ExitCode {
  if (outcomes.some(({ outcome }) => outcome === 'conflict')) return EXIT.conflict;
  const exits = outcomes.flatMap((each) => (each.outcome === 'rejected' ? [exitOfCode(each.code)] : []));
  const telling = [EXIT.conflict, EXIT.denied, EXIT.locked].find((exit) => exits.includes(exit));
  return telling ?? exits[0] ?? EXIT.ok;
}

/** What became of an edit of a record, for scripts. */
export function outcomeToJson({ seen, set, outcome }: SettledEdit, context: CliContext, people: People): object {
  const { caseId, vorgangsnummer } = seen;
  const base = { ...outcome, caseId, vorgangsnummer };
  if (outcome.outcome === 'conflict') {
    const { current, fields } = outcome;
    return {
      ...base,
      current: { ...current, updatedByName: people.describe(current.updatedBy) },
      attempted: set,
      fields: conflictFieldsToJson(fields, people),
    };
  }
  if (outcome.outcome === 'accepted') return base;
  const message = describeError(outcome.code, context.language);
  return { ...base, message, ...(outcome.lock === undefined ? {} : { lock: lockToJson(outcome.lock, people) }) };
}

/**
 * Says what became of an edit of a record: to standard output what was applied, to standard error what was not. The
 * options are those of the call, for the calls that may follow.
 */
export function printOutcome(
  { seen, outcome }: SettledEdit,
  context: CliContext,
  people: People,
  options: GlobalOptions,
): void {
  const { t, style, errorStyle, language } = context;
  const name = describeRecord(seen, context);
  if (outcome.outcome === 'accepted') {
    print(context, `${style.green('✓')} ${t('edit.accepted', { record: name, version: outcome.version })}`);
    return;
  }
  if (outcome.outcome === 'conflict') {
    printConflict(name, outcome, context, people);
    printResolveCalls(context, outcome.conflict, options);
    return;
  }
  const { code, lock } = outcome;
  const reason =
    lock === undefined
      ? describeError(code, language)
      : describeHolder({ user: lock.user, ...toLiveTimes(lock) }, describeCaseOf([seen], context), context, people);
  printAside(context, `${errorStyle.red('✗')} ${t('edit.rejected', { record: name, reason })}`, '  ');
}

/** R2.2: who was first and when, what stands against each field, and whether any field was meant by both. */
function printConflict(name: string, outcome: Conflict, context: CliContext, people: People): void {
  const { t, errorStyle, dates } = context;
  const { current, baseVersion, fields, overlaps } = outcome;
  const sentence = t('edit.conflict', {
    record: name,
    who: printable(people.describe(current.updatedBy)),
    when: dates.full(current.updatedAt),
    current: current.version,
    base: baseVersion,
  });
  printAside(context, `${errorStyle.red('✗')} ${sentence}`, '  ');
  for (const line of conflictTable(conflictRows(fields), context, people)) printAsideWhole(context, line);
  if (!overlaps) printAside(context, `  ${t('conflict.noOverlap')}`);
}

function lockToJson(lock: RecordLock, people: People): object {
  return liveLockToJson({ ...lock, ...toLiveTimes(lock) }, people);
}
