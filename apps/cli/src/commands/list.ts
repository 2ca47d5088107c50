import {
  CASE_SORT_COLUMNS,
  type CaseFilter,
  type CaseIndexResult,
  type CaseRow,
  type CaseTotals,
} from '@meldesync/client';
import { Option } from 'commander';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { caseToJson } from '../output/case-json.ts';
import { caseCells, caseColumns } from '../output/case-table.ts';
import { createJsonStream } from '../output/json-stream.ts';
import { renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger, type Sort, sortOrder, WordOption } from '../program/option-values.ts';
import { createPeople, type People } from '../session/people.ts';
import { readCaseIndex, readCases } from '../session/read-cases.ts';
import { openWorkspace } from '../session/service.ts';

interface ListOptions extends GlobalOptions {
  readonly filter?: CaseFilter;
  readonly text?: string;
  readonly sort?: Sort;
  readonly limit?: number;
  readonly json?: boolean;
}

const FILTERS: readonly CaseFilter[] = ['all', 'open', 'incomplete', 'complete', 'valid', 'done', 'without-case'];

/** `meldesync list` */
export function registerList(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('list');
  command
    .description(t('help.list'))
    .usage(t('help.usageOptions'))
    .addOption(new WordOption('--filter <filter>', t('help.listFilter', { filters: FILTERS.join(', ') }), FILTERS))
    .option('--text <words>', t('help.listText'))
    .addOption(
      new Option('--sort <column>', t('help.listSort', { columns: CASE_SORT_COLUMNS.join(', ') })).argParser(
        sortOrder('--sort', CASE_SORT_COLUMNS),
      ),
    )
    .addOption(new Option('--limit <count>', t('help.listLimit')).argParser(positiveInteger('--limit')))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await list(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync list --filter open --sort latest:desc', t('help.exampleList')],
    [`meldesync list --filter valid --json | jq -r '.cases[].caseId'`, t('help.exampleListJson')],
  ]);
}

async function list(context: CliContext, options: ListOptions): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const { filter = 'all', text = '', sort = null, limit = Number.POSITIVE_INFINITY } = options;
  const [index, members] = await Promise.all([
    readCaseIndex(context, service, { text, filter, sort }),
    service.api.members(service.workspace.id),
  ]);
  const people = createPeople(members, context.t);
  const wanted = index.cases.slice(0, limit);
  const cases = readCases(service, wanted);
  if (options.json) {
    await writeCases(context, index.totals, cases, people);
    return EXIT.ok;
  }
  const rows: CaseRow[] = [];
  for await (const row of cases) rows.push(row);
  printRows(context, rows, people);
  printTotals(context, index, rows.length);
  return EXIT.ok;
}

/** The document that `--json` prints, written as its cases come. */
async function writeCases(
  { terminal }: CliContext,
  totals: CaseTotals,
  cases: AsyncIterable<CaseRow>,
  people: People,
): Promise<void> {
  const document = createJsonStream(terminal.stdout, { totals }, 'cases');
  for await (const row of cases) await document.add(caseToJson(row, people));
  await document.end();
}

function printRows(context: CliContext, rows: readonly CaseRow[], people: People): void {
  if (rows.length === 0) return;
  const columns = caseColumns(context, rows);
  const cells = rows.map((row) => caseCells(row, context, people));
  for (const line of renderTable(columns, cells, context.style, outputWidth(context.terminal))) print(context, line);
}

/** Goes to standard error: what a script reads from standard output is cases, one a line. */
function printTotals(context: CliContext, { totals, cases: found }: CaseIndexResult, shown: number): void {
  const { t, errorStyle } = context;
  if (found.length === 0) {
    printAside(context, t('list.nothing'));
    return;
  }
  const { cases, complete, valid, done, withoutCase } = totals;
  const parts = [t('list.totals', { cases, complete, valid, done, withoutCase })];
  if (shown < found.length) parts.push(t('list.shown', { shown, total: found.length }));
  printAside(context, `\n${errorStyle.dim(parts.join(' · '))}`);
}
