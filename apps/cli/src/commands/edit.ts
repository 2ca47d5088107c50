import { Option } from 'commander';
import type { ConfirmOptions } from '../admin/confirm.ts';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { confirmSeveral } from '../edit/confirm-several.ts';
import { addFieldOptions } from '../edit/field-options.ts';
import { exitOfEdit, outcomeToJson, printOutcome } from '../edit/outcome.ts';
import { type PatchOptions, toPatch, withMemberIds } from '../edit/patch.ts';
import { planEdit } from '../edit/plan.ts';
import { sendEdit } from '../edit/send-edit.ts';
import type { ExitCode } from '../exit-codes.ts';
import { describeRecord } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger } from '../program/option-values.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { lookUpTargets } from '../target/look-up.ts';
import { SHORTEST_PREFIX } from '../target/written.ts';
import { keepForUndo } from '../undo/last-edits.ts';

interface EditOptions extends GlobalOptions, PatchOptions, ConfirmOptions {
  readonly baseVersion?: number;
  readonly json?: boolean;
}

/** `meldesync edit TARGET…` */
export function registerEdit(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('edit');
  command
    .description(t('help.edit'))
    .usage(`TARGET… ${t('help.usageOptions')}`)
    .argument('<target...>', t('help.target', { minimum: String(SHORTEST_PREFIX) }));
  addFieldOptions(command, t);
  command
    .addOption(
      new Option('--base-version <version>', t('help.editBaseVersion')).argParser(positiveInteger('--base-version')),
    )
    .option('--yes', t('help.editYes'))
    .option('--json', t('help.jsonOption'))
    .action(async (targets: string[]) => finish(await edit(context, targets, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync edit F-10234 --done', t('help.exampleEdit')],
    ['meldesync edit F-10234 F-10235 --done --yes', t('help.exampleEditSeveral')],
    ['meldesync edit vn:9a72b41f --case-id F-10234', t('help.exampleEditCase')],
    ['meldesync edit record:17 --note "…" --base-version 3', t('help.exampleEditVersion')],
  ]);
}

async function edit(context: CliContext, texts: readonly string[], options: EditOptions): Promise<ExitCode> {
  const { t, language } = context;
  // What is wrong with the options is said before anyone is asked.
  toPatch(options, language);
  const service = await openWorkspace(context, options);
  const members = await service.api.members(service.workspace.id);
  const set = toPatch(withMemberIds(options, members, service.me.user.id), language);
  const people = createPeople(members, t);

  const { targets } = await lookUpTargets(service, texts);
  const plan = planEdit(targets, texts, set, options.baseVersion);
  await confirmSeveral(context, plan.intents, people, options);
  const settled = await sendEdit(context, service, plan.intents);
  await keepForUndo(context, service, settled);
  if (options.json) {
    const unchanged = plan.unchanged.map(({ id, version, caseId, vorgangsnummer }) => ({
      record: id,
      outcome: 'unchanged',
      version,
      caseId,
      vorgangsnummer,
    }));
    printJson(context, { outcomes: [...settled.map((item) => outcomeToJson(item, context, people)), ...unchanged] });
  } else {
    for (const item of settled) printOutcome(item, context, people, options);
    for (const record of plan.unchanged)
      print(context, t('edit.unchanged', { record: describeRecord(record, context) }));
  }
  return exitOfEdit(settled.map(({ outcome }) => outcome));
}
