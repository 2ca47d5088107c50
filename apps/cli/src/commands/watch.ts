import type { AppliedChange, ConnectionState } from '@meldesync/client';
import { type CliContext, type GlobalOptions, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printBatch } from '../output/change-batch.ts';
import { createConnectionTexts } from '../output/connection-text.ts';
import { printJsonLine } from '../output/json.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { createDirectory } from '../session/directory.ts';
import { finalError, onAbort } from '../session/live-records.ts';
import { openWorkspace } from '../session/service.ts';
import { SHORTEST_PREFIX } from '../target/written.ts';
import { watchAll, watchSome } from '../watch/change-source.ts';

interface WatchOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync watch [TARGET…]` */
export function registerWatch(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('watch');
  command
    .description(t('help.watch'))
    .usage(`[TARGET…] ${t('help.usageOptions')}`)
    .argument('[target...]', t('help.watchTarget', { minimum: String(SHORTEST_PREFIX) }))
    .option('--json', t('help.jsonLinesOption'))
    .action(async (targets: string[]) => finish(await watch(context, targets, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync watch', t('help.exampleWatch')],
    ['meldesync watch F-10234', t('help.exampleWatchSome')],
    [`meldesync watch --json | jq -r 'select(.after.done) | .byName + " " + .caseId'`, t('help.exampleWatchJson')],
  ]);
}

/** Runs until Ctrl-C, which is its good end, or until the server no longer wants this client. */
async function watch(context: CliContext, texts: readonly string[], options: WatchOptions): Promise<ExitCode> {
  const { t, terminal } = context;
  terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const directory = createDirectory(service, t);
  const source = texts.length === 0 ? watchAll(context, service) : await watchSome(context, service, texts);
  const describeState = createConnectionTexts(context, () => source.size);
  const ending = new AbortController();

  const printState = (state: ConnectionState) => {
    const line = describeState(state);
    if (line === undefined) return;
    if (options.json) printJsonLine(context, stateToJson(state));
    else printAside(context, line);
  };
  const printChanges = async (changes: readonly AppliedChange[]) => {
    const people = await directory.peopleFor(changes);
    printBatch(context, changes, { people, records: source.size, isJson: options.json === true });
  };

  try {
    await new Promise<void>((resolve, reject) => {
      let isFollowing = false;
      // A batch may need names that must be asked for; those after it wait, so that lines keep their order.
      let printed = Promise.resolve();
      const stopStates = source.client.onConnection((state) => {
        isFollowing ||= state.name === 'live';
        printState(state);
        const error = finalError(state, service.access.server);
        if (error !== undefined) reject(error);
      });
      const stopChanges = source.subscribe((changes) => {
        if (isFollowing) printed = printed.then(() => printChanges(changes)).catch(reject);
      }, reject);
      onAbort(ending.signal, () => {
        stopStates();
        stopChanges();
      });
      onAbort(terminal.signal, resolve, ending.signal);
      source.client.start();
    });
  } finally {
    ending.abort();
    source.client.stop();
  }
  if (!options.json) printAside(context, t('watch.stopped'));
  return EXIT.ok;
}

/** Where a connection stands, its times in the one form of all JSON. */
function stateToJson(state: ConnectionState): object {
  const moments = Object.entries(state).map(([name, value]) => [
    name,
    (name === 'since' || name === 'retryAt') && typeof value === 'number' ? new Date(value).toISOString() : value,
  ]);
  return { type: 'connection', at: new Date().toISOString(), ...Object.fromEntries(moments) };
}
