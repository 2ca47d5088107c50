import { readFile } from 'node:fs/promises';
import { type CliContext, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger } from '../program/option-values.ts';
import { systemCode } from '../system-code.ts';
import { readTraces } from '../trace/read-traces.ts';
import { buildTraces, type Trace } from '../trace/trace-tree.ts';

interface TraceOptions {
  readonly id?: string;
  readonly limit: number;
}

/** Traces that are shown unless said otherwise. */
const LIMIT = 10;
/** Cells of the bar that shows when a span was. */
const BAR_CELLS = 24;

/** `meldesync trace FILE` */
export function registerTrace(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('trace');
  command
    .description(t('help.trace'))
    .usage(`FILE ${t('help.usageOptions')}`)
    .argument('<file>', t('help.traceFile'))
    .option('--id <trace>', t('help.traceId'))
    .option('--limit <n>', t('help.traceLimit'), positiveInteger('--limit'), LIMIT)
    .action(async (file: string) => finish(await trace(context, file, command.optsWithGlobals())));
  addExamples(command, context, [['meldesync trace traces.jsonl --limit 3', t('help.exampleTrace')]]);
}

async function trace(context: CliContext, file: string, { id, limit }: TraceOptions): Promise<ExitCode> {
  const { t } = context;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError('traceUnreadable', { file, reason: systemCode(error) ?? '' }, { cause: error });
  });
  const spans = readTraces(text);
  if (!spans) throw new CliError('traceUnknown', { file });
  const all = buildTraces(spans).filter((one) => id === undefined || one.id.startsWith(id));
  if (all.length === 0) throw new CliError('traceNone', { file });
  for (const [index, one] of all.slice(0, limit).entries()) {
    if (index > 0) print(context);
    printTrace(context, one);
  }
  if (all.length > limit) print(context, `\n${t('trace.more', { count: all.length - limit })}`);
  return EXIT.ok;
}

function printTrace(context: CliContext, { id, startMs, durationMs, lines }: Trace): void {
  const { t, style, terminal } = context;
  const at = new Date(startMs).toISOString();
  print(context, style.bold(t('trace.head', { id, at, duration: milliseconds(durationMs), spans: lines.length })));
  const isFailed = (row: number): boolean => lines[row]?.span.isFailed === true;
  const table = renderTable(
    [
      { header: t('trace.start'), align: 'right', minWidth: 8, dropOrder: 0 },
      {
        header: t('trace.span'),
        minWidth: 16,
        dropOrder: 0,
        paint: (text, row) => (isFailed(row) ? style.red(text) : text),
      },
      { header: t('trace.process'), minWidth: 8, dropOrder: 2 },
      { header: t('trace.duration'), align: 'right', minWidth: 7, dropOrder: 0 },
      { header: '', minWidth: BAR_CELLS, dropOrder: 1 },
    ],
    lines.map(({ span, branch }) => [
      milliseconds(span.startMs - startMs),
      `${branch}${span.name}${span.isFailed ? ` ${t('trace.failed')}` : ''}${span.links > 0 ? ` ${t('trace.links', { count: span.links })}` : ''}`,
      span.process,
      milliseconds(span.endMs - span.startMs),
      bar((span.startMs - startMs) / durationMs, (span.endMs - startMs) / durationMs),
    ]),
    style,
    outputWidth(terminal),
  );
  for (const line of table) print(context, line);
}

function milliseconds(ms: number): string {
  return ms.toFixed(1);
}

/** Both from 0 to 1. */
function bar(from: number, to: number): string {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return '';
  const first = Math.min(BAR_CELLS - 1, Math.floor(from * BAR_CELLS));
  const cells = Math.max(1, Math.round(to * BAR_CELLS) - first);
  return '·'.repeat(first) + '━'.repeat(cells) + '·'.repeat(Math.max(0, BAR_CELLS - first - cells));
}
