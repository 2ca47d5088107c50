import { type ImportSummary } from '@meldesync/protocol';
import { Option } from 'commander';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { type Column, renderTable } from '../output/table.ts';
import { printable } from '../output/text.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger } from '../program/option-values.ts';
import { createPeople, type People } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';

interface ImportsOptions extends GlobalOptions {
  readonly cancel?: string;
  readonly continue?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 20;

/** `meldesync imports` */
export function registerImports(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('imports');
  command
    .description(t('help.imports'))
    .usage(t('help.usageOptions'))
    .option('--cancel <import>', t('help.importsCancel'))
    .addOption(new Option('--continue <import>', t('help.importsContinue')).conflicts('cancel'))
    .addOption(
      new Option('--limit <count>', t('help.importsLimit', { count: DEFAULT_LIMIT })).argParser(
        positiveInteger('--limit'),
      ),
    )
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await imports(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync imports', t('help.exampleImports')],
    ['meldesync imports --cancel 5f0c9c1e-7d0a-4a57-9f0e-0d7c5a1b2c3d', t('help.exampleImportsCancel')],
  ]);
}

async function imports(context: CliContext, options: ImportsOptions): Promise<ExitCode> {
  const { api, workspace } = await openWorkspace(context, options);
  if (options.cancel !== undefined) {
    const cancelled = await api.cancelImport(workspace.id, options.cancel);
    if (options.json) printJson(context, { imports: [cancelled] });
    else print(context, context.t('imports.cancelled', { file: printable(cancelled.filename) }));
    return EXIT.ok;
  }
  if (options.continue !== undefined) {
    const continued = await api.continueImport(workspace.id, options.continue);
    if (options.json) printJson(context, { imports: [continued] });
    else print(context, context.t('imports.continued', { file: printable(continued.filename) }));
    return EXIT.ok;
  }
  context.terminal.endWithReader();
  const [all, members] = await Promise.all([api.imports(workspace.id), api.members(workspace.id)]);
  const listed = all.slice(0, options.limit ?? DEFAULT_LIMIT);
  if (options.json) printJson(context, { imports: listed });
  else if (listed.length === 0) printAside(context, context.t('imports.nothing'));
  else printTable(context, listed, createPeople(members, context.t));
  return EXIT.ok;
}

function printTable(context: CliContext, listed: readonly ImportSummary[], people: People): void {
  const { t, dates, style, terminal } = context;
  const nameOf = (user: string) => people.nameOf(user) ?? user;
  const columns: Column[] = [
    { header: t('imports.file'), minWidth: 12, dropOrder: 0, keep: 'end' },
    { header: t('imports.status'), minWidth: 8, dropOrder: 0 },
    { header: t('imports.by'), minWidth: 8, dropOrder: 3 },
    { header: t('imports.at'), minWidth: 5, dropOrder: 2 },
    { header: t('imports.id'), minWidth: 36, dropOrder: 1 },
  ];
  const rows = listed.map((each) => [
    each.filename,
    t(`imports.statuses.${each.status}`, {
      share: each.progress,
      who: each.cancelledBy === null ? '' : nameOf(each.cancelledBy),
    }),
    nameOf(each.createdBy),
    dates.short(each.createdAt),
    each.id,
  ]);
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
}
