import { setTimeout as sleep } from 'node:timers/promises';
import { type PassedState, SyncError } from '@meldesync/client';
import type { ChecksumAnswer, UntoldAnswer } from '@meldesync/protocol';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { renderPairs } from '../output/pairs.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { withRecords } from '../session/live-records.ts';
import { openWorkspace } from '../session/service.ts';
import { type Finding, findSameState, tellDifference } from '../verify/compare-states.ts';

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** So often the server is asked before what it says counts as a difference. */
const TRIES = 20;
const PAUSE_MS = 250;
/** While people write, the client gets so long to reach what the database held already. */
const PATIENCE_MS = 10_000;

/** `meldesync verify` */
export function registerVerify(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('verify');
  command
    .description(t('help.verify'))
    .usage(t('help.usageOptions'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await verify(context, command.optsWithGlobals())));
  addExamples(command, context, [['meldesync verify', t('help.exampleVerify')]]);
}

async function verify(context: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const { t, style, terminal } = context;
  const service = await openWorkspace(context, options);
  const states: PassedState[] = [];
  const compare = () => compareStates(states, () => service.api.checksum(service.workspace.id));
  const finding = await withRecords(context, service, compare, { onPassed: (state) => states.push(state) });
  const untold = await askUntold(() => service.api.untoldRecords(service.workspace.id));
  const isTold = untold === null || untold.count === 0;
  if (options.json) {
    printJson(context, { ...finding, untold });
  } else {
    const feed = finding.feed === null ? t('verify.unknown') : t('verify.sum', { sum: String(finding.feed) });
    const pairs: Array<[string, string]> = [
      [t('verify.database'), t('verify.sumOf', { sum: String(finding.database), records: finding.records })],
      [t('verify.feed'), feed],
      [t('verify.screen'), t('verify.sumOf', { sum: String(finding.screen), records: finding.screenRecords })],
      ...(untold === null ? [] : [[t('verify.untold'), untoldText(context, untold)] as [string, string]]),
    ];
    for (const line of renderPairs(pairs, style, outputWidth(terminal))) print(context, line);
    print(context, finding.isEqual ? t('verify.equal') : t('verify.different'));
    if (!isTold) print(context, t('verify.notTold'));
  }
  return finding.isEqual && isTold ? EXIT.ok : EXIT.failure;
}

/** Which records no screen was told of; null where the server is of a version that cannot say. */
async function askUntold(ask: () => Promise<UntoldAnswer>): Promise<UntoldAnswer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SyncError && error.code === 'not-found') return null;
    throw error;
  }
}

function untoldText({ t }: CliContext, { count, records }: UntoldAnswer): string {
  if (count === 0) return t('verify.untoldNone');
  return t('verify.untoldRecords', { count, records: records.join(', '), isMore: String(count > records.length) });
}

/**
 * Compares until an answer of the server agrees with a state that the client passed; what was found last when none does. An answer
 * is of a moment that is over when it arrives, and the client may have passed it already or be on its way there: each answer is held
 * to all states, those that come later too.
 */
async function compareStates(states: readonly PassedState[], ask: () => Promise<ChecksumAnswer>): Promise<Finding> {
  const answers: ChecksumAnswer[] = [];
  const passedBefore = states.length;
  let patienceEndsAt = Number.POSITIVE_INFINITY;
  for (let attempt = 1; ; attempt++) {
    if (attempt <= TRIES) answers.push(await ask());
    else if (attempt === TRIES + 1) patienceEndsAt = Date.now() + PATIENCE_MS;
    for (const answer of answers) {
      const same = findSameState(answer, states);
      if (same) return same;
    }
    const last = answers.at(-1);
    const isQuiet = attempt >= TRIES && states.length === passedBefore;
    if (last && (isQuiet || Date.now() > patienceEndsAt)) return tellDifference(last, states);
    await sleep(PAUSE_MS);
  }
}
