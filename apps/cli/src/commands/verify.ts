import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncClient } from '@meldesync/client';
import type { ChecksumAnswer } from '@meldesync/protocol';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { renderPairs } from '../output/pairs.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { withRecords } from '../session/live-records.ts';
import { openWorkspace } from '../session/service.ts';

interface VerifyOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** While people write, the three are asked at different moments: so often it is tried to find them at the same one. */
const TRIES = 20;
const PAUSE_MS = 250;

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

interface Finding extends ChecksumAnswer {
  readonly screen: number;
  readonly screenRecords: number;
  readonly isEqual: boolean;
}

async function verify(context: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const { t, style, terminal } = context;
  const service = await openWorkspace(context, options);
  const finding = await withRecords(context, service, (client) =>
    findEqual(client, () => service.api.checksum(service.workspace.id)),
  );
  if (options.json) {
    printJson(context, finding);
  } else {
    const feed = finding.feed === null ? t('verify.unknown') : t('verify.sum', { sum: String(finding.feed) });
    const pairs: Array<[string, string]> = [
      [t('verify.database'), t('verify.sumOf', { sum: String(finding.database), records: finding.records })],
      [t('verify.feed'), feed],
      [t('verify.screen'), t('verify.sumOf', { sum: String(finding.screen), records: finding.screenRecords })],
    ];
    for (const line of renderPairs(pairs, style, outputWidth(terminal))) print(context, line);
    print(context, finding.isEqual ? t('verify.equal') : t('verify.different'));
  }
  return finding.isEqual ? EXIT.ok : EXIT.failure;
}

/** Compares until all agree; what was found last when they never do. */
async function findEqual(client: SyncClient, ask: () => Promise<ChecksumAnswer>): Promise<Finding> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    const screen = client.proof.checksum;
    const isEqual = screen === answer.database && (answer.feed === null || answer.feed === screen);
    if (isEqual || attempt === TRIES) return { ...answer, screen, screenRecords: client.store.size, isEqual };
    await sleep(PAUSE_MS);
  }
}
