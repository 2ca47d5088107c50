import {
  CASE_SORT_COLUMNS,
  type CaseFilter,
  type CaseRow,
  type CaseViewSnapshot,
  createCaseView,
} from '@meldesync/client';
import { Option } from 'commander';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { caseToJson } from '../output/case-json.ts';
import { caseCells, caseColumns } from '../output/case-table.ts';
import { printJson } from '../output/json.ts';
import { renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { oneOf, positiveInteger, type Sort, sortOrder } from '../program/option-values.ts';
import { withRecords } from '../session/live-records.ts';
import { createPeople } from '../session/people.ts';
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
    .addOption(
      new Option('--filter <filter>', t('help.listFilter', { filters: FILTERS.join(', ') })).argParser(
        oneOf('--filter', FILTERS),
      ),
    )
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
  const [snapshot, members] = await Promise.all([
    withRecords(context, service, async ({ store }) => {
      const view = createCaseView(store, { text, filter, sort });
      try {
        return view.getSnapshot();
      } finally {
        view.dispose();
      }
    }),
    service.api.members(service.workspace.id),
  ]);
  const people = createPeople(members, context.t);
  const rows = snapshot.rows.slice(0, limit);
  if (options.json) {
    printJson(context, { totals: snapshot.totals, cases: rows.map((row) => caseToJson(row, people)) });
    return EXIT.ok;
  }
  const columns = caseColumns(context, rows);
  const cells = rows.map((row) => caseCells(row, context, people));
  if (rows.length > 0) {
    for (const line of renderTable(columns, cells, context.style, outputWidth(context.terminal))) print(context, line);
  }
  printTotals(context, snapshot, rows);
  return EXIT.ok;
}

/** Goes to standard error: what a script reads from standard output is cases, one a line. */
function printTotals(context: CliContext, { totals, rows }: CaseViewSnapshot, shown: readonly CaseRow[]): void {
  const { t, errorStyle } = context;
  if (rows.length === 0) {
    printAside(context, t('list.nothing'));
    return;
  }
  const { cases, complete, valid, done, withoutCase } = totals;
  const parts = [t('list.totals', { cases, complete, valid, done, withoutCase })];
  if (shown.length < rows.length) parts.push(t('list.shown', { shown: shown.length, total: rows.length }));
  printAside(context, `\n${errorStyle.dim(parts.join(' · '))}`);
}
