import { type CliContext, type GlobalOptions, printAside } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { collectFiles } from '../import/collect-files.ts';
import { type FileResult, importFiles } from '../import/import-files.ts';
import { createProgressBar } from '../import/progress.ts';
import { exitOfImport, printReport, resultToJson } from '../import/report.ts';
import { printJsonLine } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { openWorkspace } from '../session/service.ts';

interface ImportOptions extends GlobalOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** Rows whose reasons are shown of a file, unless all are asked for. */
const ROWS_SHOWN = 20;

/** `meldesync import PATH…` */
export function registerImport(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('import');
  command
    .description(t('help.import'))
    .usage(`PATH… ${t('help.usageOptions')}`)
    .argument('<path...>', t('help.importPaths'))
    .option('--verbose', t('help.importVerbose'))
    .option('--json', t('help.jsonLinesOption'))
    .action(async (paths: string[]) => finish(await importPaths(context, paths, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync import inbox/', t('help.exampleImport')],
    [`meldesync import inbox/*.csv --json | jq -r 'select(.status == "failed") | .file'`, t('help.exampleImportJson')],
  ]);
}

async function importPaths(context: CliContext, paths: readonly string[], options: ImportOptions): Promise<ExitCode> {
  const { t } = context;
  const isComplete = options.verbose === true || options.json === true;
  const service = await openWorkspace(context, options);
  const sources = await collectFiles(paths, t);
  const files = sources.flatMap((source) => (source.kind === 'file' ? [source] : []));
  const bar = createProgressBar(context, files);
  const onServer = new Set<string>();
  let hasSaidToWait = false;
  let results: readonly FileResult[];
  try {
    results = await importFiles({
      context,
      service,
      sources,
      warnings: options.verbose === true,
      rowLimit: isComplete ? Number.POSITIVE_INFINITY : ROWS_SHOWN,
      onProgress: (source, progress) => {
        if (progress.phase === 'queued' || progress.phase === 'running') onServer.add(source.path);
        bar.update(source, progress);
      },
      onWait: () => {
        if (hasSaidToWait) return;
        hasSaidToWait = true;
        bar.interrupt(() => printAside(context, t('import.waiting')));
      },
      onResult: (result) => {
        onServer.delete(result.path);
        if (options.json) printJsonLine(context, resultToJson(result));
      },
    });
  } catch (error) {
    bar.stop();
    if (onServer.size > 0) printAside(context, t('import.stillRunning', { count: onServer.size }));
    throw error;
  }
  bar.stop();
  if (!options.json) printReport(context, results);
  return exitOfImport(results);
}
