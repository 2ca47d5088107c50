import { type CaseRow, makeCaseEntry } from '@meldesync/client';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { describeCase } from '../output/case-details.ts';
import { caseToJson } from '../output/case-json.ts';
import { printJson } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { lookUpTargets } from '../target/look-up.ts';
import { type Candidates, recordsOfItsCase, type Target } from '../target/target.ts';
import { SHORTEST_PREFIX } from '../target/written.ts';

interface ShowOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync show TARGET…` */
export function registerShow(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('show');
  command
    .description(t('help.show'))
    .usage(`TARGET… ${t('help.usageOptions')}`)
    .argument('<target...>', t('help.target', { minimum: String(SHORTEST_PREFIX) }))
    .option('--json', t('help.jsonOption'))
    .action(async (targets: string[]) => finish(await show(context, targets, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync show F-10234', t('help.exampleShow')],
    ['meldesync show vn:9a72b41f', t('help.exampleShowRecord')],
  ]);
}

async function show(context: CliContext, texts: readonly string[], options: ShowOptions): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const [{ targets, candidates }, members] = await Promise.all([
    lookUpTargets(service, texts),
    service.api.members(service.workspace.id),
  ]);
  const people = createPeople(members, context.t);
  const rows = casesOf(targets, candidates);
  if (options.json)
    printJson(
      context,
      jsonOf(
        rows.map((row) => caseToJson(row, people)),
        texts.length,
      ),
    );
  else {
    const cases = rows.map((row) => describeCase(row, context, people));
    for (const [at, lines] of cases.entries())
      for (const line of at === 0 ? lines : ['', ...lines]) print(context, line);
  }
  return EXIT.ok;
}

/** The cases of what was named, each once: a record is shown with the others of its case. */
function casesOf(targets: readonly Target[], candidates: Candidates): CaseRow[] {
  const rows = targets.map((target) => {
    const records = recordsOfItsCase(target, candidates);
    return makeCaseEntry(records[0]?.caseId ?? null, records);
  });
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

/** One case stands for itself, as it always did; of several there is a list. */
function jsonOf(cases: readonly object[], asked: number): object | undefined {
  return asked === 1 ? cases[0] : { cases };
}
