import type { ImportRow } from '@meldesync/protocol';
import { type CliContext, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { renderTable } from '../output/table.ts';
import { printable, wrap } from '../output/text.ts';
import { outputWidth } from '../output/width.ts';
import type { FileResult } from './import-files.ts';

type Rows = NonNullable<FileResult['summary']>['rows'];
type Count = keyof Rows;

/** What the shell gets to see: a file that failed weighs more than a rejected row. */
export function exitOfImport(results: readonly FileResult[]): ExitCode {
  if (results.some(({ failure }) => failure !== null)) return EXIT.failure;
  return results.some(({ summary }) => (summary?.rows.rejected ?? 0) > 0) ? EXIT.partlyRejected : EXIT.ok;
}

/** What was read of it is in. */
function isStopped(
  summary: FileResult['summary'],
): summary is NonNullable<FileResult['summary']> & { status: 'cancelled' | 'paused' } {
  return summary?.status === 'cancelled' || summary?.status === 'paused';
}

/** The result of a file for scripts. */
export function resultToJson({ path, summary, failure, rows }: FileResult): object {
  return {
    file: path,
    status: failure === null ? 'finished' : isStopped(summary) ? summary.status : 'failed',
    import: summary?.id ?? null,
    rows: summary?.rows ?? null,
    error: failure,
    details: rows.map(({ line, outcome, vorgangsnummer, findings }) => ({ line, outcome, vorgangsnummer, findings })),
  };
}

/** Prints the table of all files, then what was not imported and why. */
export function printReport(context: CliContext, results: readonly FileResult[]): void {
  printTable(context, results);
  printFailures(context, results);
  printRows(context, results, 'rejected');
  printRows(context, results, 'warned');
}

function printTable(context: CliContext, results: readonly FileResult[]): void {
  const { t, style, terminal } = context;
  const read = results.filter(({ failure, summary }) => failure === null || isStopped(summary));
  if (read.length === 0) return;
  const counts: readonly Count[] = ['new', 'updated', 'unchanged', 'rejected', 'warned'];
  const sum = (count: Count) => read.reduce((total, { summary }) => total + (summary?.rows[count] ?? 0), 0);
  const numbers = new Intl.NumberFormat(context.language);
  const rows = read.map(({ path, summary }) => [
    path,
    ...counts.map((count) => numbers.format(summary?.rows[count] ?? 0)),
  ]);
  if (read.length > 1) {
    rows.push([t('import.total', { count: read.length }), ...counts.map((count) => numbers.format(sum(count)))]);
  }
  const paintTotal = (text: string, row: number) => (row === read.length ? style.bold(text) : text);
  const paintAlarm = (text: string, row: number) => (text === '0' ? paintTotal(text, row) : style.red(text));
  const number = { minWidth: 3, align: 'right' } as const;
  const columns = [
    { header: t('import.file'), minWidth: 16, dropOrder: 0, keep: 'end' as const, paint: paintTotal },
    { header: t('import.new'), ...number, dropOrder: 0, paint: paintTotal },
    { header: t('import.updated'), ...number, dropOrder: 0, paint: paintTotal },
    { header: t('import.unchanged'), ...number, dropOrder: 2, paint: paintTotal },
    { header: t('import.rejected'), ...number, dropOrder: 0, paint: paintAlarm },
    { header: t('import.warned'), ...number, dropOrder: 1, paint: paintTotal },
  ];
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
}

function printFailures(context: CliContext, results: readonly FileResult[]): void {
  const { t, style, terminal } = context;
  const failed = results.flatMap(({ path, failure }) => (failure === null ? [] : [{ path, failure }]));
  if (failed.length === 0) return;
  if (failed.length < results.length) print(context);
  print(context, style.red(style.bold(t('import.failedHeading'))));
  for (const { path, failure } of failed) {
    const sentence = `  ${printable(path)}: ${printable(failure.message)}`;
    for (const line of wrap(sentence, outputWidth(terminal), ' '.repeat(4))) print(context, line);
  }
}

function printRows(context: CliContext, results: readonly FileResult[], outcome: ImportRow['outcome']): void {
  const { t, style, terminal } = context;
  const width = outputWidth(terminal);
  const shown = results
    .map((result) => ({ ...result, rows: result.rows.filter((row) => row.outcome === outcome) }))
    .filter(({ rows }) => rows.length > 0);
  if (shown.length === 0) return;
  const heading =
    outcome === 'rejected' ? style.red(t('import.rejectedHeading')) : style.yellow(t('import.warnedHeading'));
  print(context);
  print(context, style.bold(heading));
  for (const { path, rows, summary } of shown) {
    print(context, `  ${printable(path)}`);
    for (const row of rows) {
      const reasons = row.findings.map(({ message }) => printable(message)).join(' ');
      const lines = wrap(`    ${t('import.line', { line: row.line })}: ${reasons}`, width, ' '.repeat(6));
      for (const line of lines) print(context, line);
    }
    const more = (summary?.rows[outcome] ?? 0) - rows.length;
    if (more > 0) print(context, `    ${t('import.more', { count: more })}`);
  }
}
