import type { SettledEdit } from '@meldesync/client';
import type { ConfirmOptions } from '../admin/confirm.ts';
import { type CliContext, type GlobalOptions, printAside } from '../context.ts';
import { confirmSeveral } from '../edit/confirm-several.ts';
import { exitOfEdit, outcomeToJson, printOutcome } from '../edit/outcome.ts';
import { sendEdit } from '../edit/send-edit.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { readEdits, writeEdits } from '../undo/last-edits.ts';
import { planUndo } from '../undo/plan-undo.ts';

interface UndoOptions extends GlobalOptions, ConfirmOptions {
  readonly json?: boolean;
}

/** `meldesync undo` */
export function registerUndo(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('undo');
  command
    .description(t('help.undo'))
    .usage(t('help.usageOptions'))
    .option('--yes', t('help.editYes'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await undo(context, command.optsWithGlobals())));
  addExamples(command, context, [['meldesync undo', t('help.exampleUndo')]]);
}

/** Takes back the latest edit that was made here; what of it was not taken back can be tried again, but for a conflict, which is kept. */
async function undo(context: CliContext, options: UndoOptions): Promise<ExitCode> {
  const { t } = context;
  const service = await openWorkspace(context, options);
  const [edits, members] = await Promise.all([readEdits(context, service), service.api.members(service.workspace.id)]);
  const edit = edits.at(-1);
  if (edit === undefined) throw new CliError('nothingToUndo');
  const people = createPeople(members, t);
  const { intents, gone } = await planUndo(service, edit);
  await confirmSeveral(context, intents, people, options);
  const settled = await sendEdit(context, service, intents);
  const left = edit.filter(({ record }) => isLeft(record, settled));
  await writeEdits(context, service, left.length === 0 ? edits.slice(0, -1) : [...edits.slice(0, -1), left]);

  if (options.json) {
    printJson(context, { outcomes: settled.map((item) => outcomeToJson(item, context, people)), gone });
  } else {
    for (const item of settled) printOutcome(item, context, people, options);
    for (const record of gone) printAside(context, t('undo.gone', { record: String(record) }));
  }
  const exitCode = exitOfEdit(settled.map(({ outcome }) => outcome));
  return exitCode === EXIT.ok && gone.length > 0 ? EXIT.failure : exitCode;
}

/** Whether a record was refused, for a lock or a role, and is still to be taken back. */
function isLeft(record: number, settled: readonly SettledEdit[]): boolean {
  return settled.some(({ seen, outcome }) => seen.id === record && outcome.outcome === 'rejected');
}
