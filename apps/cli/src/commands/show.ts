import { type CaseRow, createCaseView, type RecordStore } from '@meldesync/client';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { describeCase } from '../output/case-details.ts';
import { caseToJson } from '../output/case-json.ts';
import { recordsOf } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { withRecords } from '../session/live-records.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { findTarget, recordsOfTarget, SHORTEST_PREFIX } from '../target/target.ts';

interface ShowOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync show TARGET` */
export function registerShow(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('show');
  command
    .description(t('help.show'))
    .usage(`TARGET ${t('help.usageOptions')}`)
    .argument('<target>', t('help.target', { minimum: String(SHORTEST_PREFIX) }))
    .option('--json', t('help.jsonOption'))
    .action(async (target: string) => finish(await show(context, target, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync show F-10234', t('help.exampleShow')],
    ['meldesync show vn:9a72b41f', t('help.exampleShowRecord')],
  ]);
}

async function show(context: CliContext, text: string, options: ShowOptions): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const [row, members] = await Promise.all([
    withRecords(context, service, async ({ store }) => caseOf(text, store)),
    service.api.members(service.workspace.id),
  ]);
  const people = createPeople(members, context.t);
  if (options.json) printJson(context, caseToJson(row, people));
  else for (const line of describeCase(row, context, people)) print(context, line);
  return EXIT.ok;
}

/** The case of what was named: a record is shown with the others of its case. */
function caseOf(text: string, store: RecordStore): CaseRow {
  const [record] = recordsOfTarget(findTarget(text, store));
  const view = createCaseView(store, { text: '', filter: 'all', sort: null });
  try {
    const row = view.getSnapshot().rows.find((candidate) => recordsOf(candidate).some(({ id }) => id === record?.id));
    if (row === undefined) throw new CliError('targetNotFound', { target: text });
    return row;
  } finally {
    view.dispose();
  }
}
