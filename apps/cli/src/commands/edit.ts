import { Option } from 'commander';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { addFieldOptions } from '../edit/field-options.ts';
import { exitOfEdit, outcomeToJson, printOutcome } from '../edit/outcome.ts';
import { type PatchOptions, toPatch, withMemberIds } from '../edit/patch.ts';
import { planEdit } from '../edit/plan.ts';
import type { ExitCode } from '../exit-codes.ts';
import { describeRecord } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger } from '../program/option-values.ts';
import { withRecords } from '../session/live-records.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { findTarget, SHORTEST_PREFIX } from '../target/target.ts';

interface EditOptions extends GlobalOptions, PatchOptions {
  readonly baseVersion?: number;
  readonly json?: boolean;
}

/** `meldesync edit TARGET` */
export function registerEdit(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('edit');
  command
    .description(t('help.edit'))
    .usage(`TARGET ${t('help.usageOptions')}`)
    .argument('<target>', t('help.target', { minimum: String(SHORTEST_PREFIX) }));
  addFieldOptions(command, t);
  command
    .addOption(
      new Option('--base-version <version>', t('help.editBaseVersion')).argParser(positiveInteger('--base-version')),
    )
    .option('--json', t('help.jsonOption'))
    .action(async (target: string) => finish(await edit(context, target, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync edit F-10234 --done', t('help.exampleEdit')],
    ['meldesync edit vn:9a72b41f --case-id F-10234', t('help.exampleEditCase')],
    ['meldesync edit record:17 --note "…" --base-version 3', t('help.exampleEditVersion')],
  ]);
}

async function edit(context: CliContext, text: string, options: EditOptions): Promise<ExitCode> {
  const { t, language } = context;
  // What is wrong with the options is said before anyone is asked.
  toPatch(options, language);
  const service = await openWorkspace(context, options);
  const members = await service.api.members(service.workspace.id);
  const set = toPatch(withMemberIds(options, members, service.me.user.id), language);
  const people = createPeople(members, t);

  const { plan, settled } = await withRecords(context, service, async (client) => {
    const plan = planEdit(findTarget(text, client.store), text, set, options.baseVersion);
    return { plan, settled: plan.intents.length === 0 ? [] : await client.optimistic.submit(plan.intents) };
  });
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
