import type { HeldLock, SyncClient } from '@meldesync/client';
import { MAX_RECORDS_PER_LOCK } from '@meldesync/protocol';
import { Option } from 'commander';
import type { CliContext, GlobalOptions } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { acquireLock } from '../lock/acquire.ts';
import { type HoldEnd, holdUntil, releaseLock } from '../lock/hold.ts';
import { createLockReport, type LockReport } from '../lock/lock-report.ts';
import { type RunningCommand, startCommand } from '../lock/run-command.ts';
import { createWaitReport } from '../lock/wait-report.ts';
import { describeCaseOf } from '../output/case-text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { duration } from '../program/option-values.ts';
import { onAbort, withConnection } from '../session/live-records.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { lookUpTarget } from '../target/look-up.ts';
import { recordsOfItsCase } from '../target/target.ts';
import { SHORTEST_PREFIX } from '../target/written.ts';

interface LockOptions extends GlobalOptions {
  readonly for?: number;
  /** Milliseconds; true without a duration. */
  readonly wait?: number | true;
  readonly takeOver?: boolean;
  readonly json?: boolean;
}

/** `meldesync lock TARGET [-- COMMAND …]` */
export function registerLock(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('lock');
  command
    .description(t('help.lock'))
    .usage(`TARGET ${t('help.usageOptions')} [-- ${t('help.usageCommand')}]`)
    .argument('<target>', t('help.target', { minimum: String(SHORTEST_PREFIX) }))
    .argument('[command...]', t('help.lockCommand'))
    .addOption(new Option('--for <duration>', t('help.lockFor')).argParser(duration('--for')))
    .addOption(new Option('--wait [duration]', t('help.lockWait')).argParser(duration('--wait')))
    .option('--take-over', t('help.lockTakeOver'))
    .option('--json', t('help.jsonLinesOption'))
    .action(async (target: string, program: string[]) =>
      finish(await lock(context, target, program, command.optsWithGlobals())),
    );
  addExamples(command, context, [
    ['meldesync lock F-10234', t('help.exampleLock')],
    ['meldesync lock F-10234 --wait 10m --for 5m', t('help.exampleLockWait')],
    ['meldesync lock F-10234 --wait -- ./check-case.sh F-10234', t('help.exampleLockCommand')],
  ]);
}

async function lock(
  context: CliContext,
  text: string,
  program: readonly string[],
  options: LockOptions,
): Promise<number> {
  const { terminal, t } = context;
  const hasCommand = program.length > 0;
  if (hasCommand && options.for !== undefined) {
    throw new CliError('conflictingOptions', { first: '--for', second: t('help.usageCommand') });
  }
  const service = await openWorkspace(context, options);
  const people = createPeople(await service.api.members(service.workspace.id), t);
  const { server } = service.access;
  const waitMs = options.wait === true ? Number.POSITIVE_INFINITY : (options.wait ?? 0);

  const { target, candidates } = await lookUpTarget(service, text);
  const records = recordsOfItsCase(target, candidates);
  if (records.length > MAX_RECORDS_PER_LOCK) {
    throw new CliError('tooManyRecordsToLock', { count: records.length, limit: MAX_RECORDS_PER_LOCK });
  }
  const report = createLockReport(context, {
    name: describeCaseOf(records, context),
    caseId: records[0]?.caseId ?? null,
    people,
    me: service.me.user.id,
    json: options.json === true,
    isAside: hasCommand,
  });
  const ids = records.map(({ id }) => id);

  const work = async (client: SyncClient): Promise<number> => {
    const waiting = createWaitReport(context, report, { waitMs, json: options.json === true });
    const answer = await acquireLock(client, ids, {
      waitMs,
      takesOver: options.takeOver === true,
      server,
      signal: terminal.signal,
      onHeld: waiting.held,
    }).finally(waiting.over);
    if (answer.outcome === 'held') {
      report.held(answer.locks, false);
      return EXIT.locked;
    }
    client.attend(ids);
    report.granted(answer.lock);
    client.onConnection(report.connection);
    const command = hasCommand ? runHeeding(context, program) : undefined;
    let end: HoldEnd;
    try {
      end = await holdUntil(client, answer.lock, { server, signal: terminal.signal, forMs: options.for, command });
    } catch (error) {
      await giveBack(answer.lock, report);
      throw error;
    }
    return finishHolding(end, answer.lock, command, report);
  };
  return withConnection(context, service, work, { endsItself: true });
}

/** What the shell gets to see. */
async function finishHolding(
  end: HoldEnd,
  held: HeldLock,
  command: RunningCommand | undefined,
  report: LockReport,
): Promise<number> {
  if (end.name === 'lost' || end.name === 'refused') {
    if (end.name === 'lost') report.lost(held, end.end);
    else report.refused(held, end.error);
    // It was to run under the lock alone.
    command?.kill('SIGTERM');
    await command?.ended;
    return EXIT.lockLost;
  }
  await giveBack(held, report);
  return end.name === 'exited' ? end.exitCode : EXIT.ok;
}

async function giveBack(held: HeldLock, report: LockReport): Promise<void> {
  await releaseLock(held);
  report.released(held);
}

/** Runs the command. On a terminal it hears of Ctrl-C itself; any other signal is ours to pass on. */
function runHeeding({ terminal }: CliContext, program: readonly string[]): RunningCommand {
  if (terminal.stdin.isTTY === true) terminal.leaveInterrupts();
  const command = startCommand(program, terminal.env);
  onAbort(terminal.signal, () => command.kill(terminal.signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));
  return command;
}
