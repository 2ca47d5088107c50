import type { ConflictChoice, ConflictChoices, ConflictRow, FieldValue } from '@meldesync/client';
import { type EditableField, isEditable, isOfKind } from '@meldesync/domain';
import type { Member } from '@meldesync/protocol';
import { type CliContext, printAside, printAsideWhole } from '../context.ts';
import { CliError } from '../errors.ts';
import { describeFailure } from '../failure.ts';
import { ask } from '../input/prompt.ts';
import { printable } from '../output/text.ts';
import type { People } from '../session/people.ts';
import { conflictTable, describeConflictValue } from './conflict-table.ts';
import { readFields } from './field-values.ts';

/** A conflict as a person sees it when they decide. */
export interface ChoiceInput {
  readonly rows: readonly ConflictRow[];
  readonly members: readonly Member[];
  readonly people: People;
  /** User id of the person. */
  readonly me: string;
}

type OpenRow = ConflictRow & { readonly field: EditableField };

/** Asks for each field that is not as the person wanted it. Throws `interrupted` on Ctrl-C. */
export async function chooseFields(context: CliContext, input: ChoiceInput): Promise<ConflictChoices> {
  const { t } = context;
  for (const line of conflictTable(input.rows, context, input.people)) printAsideWhole(context, line);
  const open = input.rows.filter(isOpen);
  if (open.length === 0) printAside(context, `  ${t('resolve.nothingLeft')}`);
  else if (!open.some(({ overlaps }) => overlaps)) printAside(context, `  ${t('conflict.noOverlap')}`);
  const choices: Array<readonly [string, ConflictChoice]> = [];
  for (const row of open) choices.push([row.field, await chooseField(context, row, input)]);
  return Object.fromEntries(choices);
}

function isOpen(row: ConflictRow): row is OpenRow {
  return isEditable(row.field) && row.isAttempted && row.attempted !== row.current;
}

async function chooseField(context: CliContext, row: OpenRow, input: ChoiceInput): Promise<ConflictChoice> {
  const { t } = context;
  const say = (value: FieldValue) => printable(describeConflictValue(row.field, value, context, input.people));
  printAside(context, `\n${context.errorStyle.bold(t(`fields.${row.field}`))}`);
  printAside(context, `  1  ${t('resolve.theirs', { value: say(row.current) })}`);
  printAside(context, `  2  ${t('resolve.mine', { value: say(row.attempted) })}`);
  // A yes or no has no third value.
  const hasOther = !isOfKind(row.field, 'flag');
  if (hasOther) printAside(context, `  3  ${t('resolve.other')}`);
  for (;;) {
    const answer = await ask(context.terminal, t('resolve.question', { last: hasOther ? '3' : '2' }));
    if (answer === '1') return 'theirs';
    if (answer === '2') return 'mine';
    const value = answer === '3' && hasOther ? await readValue(context, row.field, input) : undefined;
    if (value !== undefined) return { value };
  }
}

/** The value that is typed in; undefined when it cannot be taken, which the person is told. */
async function readValue(
  context: CliContext,
  field: EditableField,
  { members, me }: ChoiceInput,
): Promise<FieldValue | undefined> {
  const { t, language, terminal } = context;
  const value = await ask(terminal, t('resolve.value'));
  try {
    return readFields([{ field, value }], members, me, language)[field];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printAside(context, `  ${printable(describeFailure(error, t, language).sentence)}`);
    return undefined;
  }
}
