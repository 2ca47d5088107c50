import { SyncError } from '@meldesync/client';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson, printJsonLine } from '../output/json.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { openService, type Service } from '../session/service.ts';
import { askOperations } from '../top/ask-operations.ts';
import { followOperations } from '../top/follow.ts';
import { createHolders } from '../top/holders.ts';
import { openScreen } from '../top/screen.ts';
import { describeOperations } from '../top/top-text.ts';

interface TopOptions extends GlobalOptions {
  readonly once?: boolean;
  readonly json?: boolean;
}

/** `meldesync top` */
export function registerTop(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('top');
  command
    .description(t('help.top'))
    .usage(t('help.usageOptions'))
    .option('--once', t('help.topOnce'))
    .option('--json', t('help.topJson'))
    .action(async () => finish(await top(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync top', t('help.exampleTop')],
    [`meldesync top --once --json | jq -r '.level.name'`, t('help.exampleTopJson')],
  ]);
}

/** Runs until `q` or Ctrl-C, its good ends; where nobody looks at a terminal, or with `--once`, it says it once. */
async function top(context: CliContext, options: TopOptions): Promise<ExitCode> {
  const { terminal } = context;
  terminal.endWithReader();
  const service = await openService(context, options);
  if (options.json && !options.once) return followAsJson(context, service);
  if (options.once || terminal.stdout.isTTY !== true) {
    const operations = await askOperations(service);
    if (options.json) printJson(context, operations);
    else {
      const nameOf = await createHolders(service)(operations.locks);
      for (const line of describeOperations(context, operations, nameOf, outputWidth(terminal))) print(context, line);
    }
    return EXIT.ok;
  }
  await followOnScreen(context, service);
  return EXIT.ok;
}

async function followAsJson(context: CliContext, service: Service): Promise<ExitCode> {
  await followOperations(service, context.terminal.signal, {
    onNews: (operations) => printJsonLine(context, operations),
    onSilence: (error) => printJsonLine(context, { at: new Date().toISOString(), error: codeOf(error) }),
  });
  return EXIT.ok;
}

/** Draws over the whole terminal, and leaves it as it was. */
async function followOnScreen(context: CliContext, service: Service): Promise<void> {
  const { terminal, t, dates, style } = context;
  using screen = openScreen(terminal);
  const holdersOf = createHolders(service);
  let body: (width: number) => string[] = () => [];
  let saidAt = 0;
  const head = (silence: string) => () =>
    silence === ''
      ? style.dim(`MeldeSync · ${service.access.server} · ${dates.clock(new Date(saidAt))} · ${t('top.quit')}`)
      : style.yellow(`! ${silence}`);
  const draw = (silence: string): void => screen.draw((width) => [head(silence)(), '', ...body(width)]);
  await followOperations(service, AbortSignal.any([terminal.signal, screen.left]), {
    onNews: async (operations) => {
      const nameOf = await holdersOf(operations.locks);
      saidAt = Date.now();
      body = (width) => describeOperations(context, operations, nameOf, width);
      draw('');
    },
    onSilence: () => draw(t('top.silence', { server: service.access.server, time: dates.clock(new Date(saidAt)) })),
  });
}

function codeOf(error: unknown): string {
  return error instanceof SyncError ? error.code : error instanceof CliError ? error.key : 'internal';
}
