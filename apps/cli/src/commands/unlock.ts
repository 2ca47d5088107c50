import { type RecordLock, roleAllows } from '@meldesync/protocol';
import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { isUuid } from '../input/uuid.ts';
import { describeCaseOf } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/text.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { createPeople } from '../session/people.ts';
import { openWorkspace, type WorkspaceService } from '../session/service.ts';
import { lookUpTarget } from '../target/look-up.ts';
import { recordsOfItsCase } from '../target/target.ts';
import { SHORTEST_PREFIX } from '../target/written.ts';

interface UnlockOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync unlock TARGET` */
export function registerUnlock(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('unlock');
  command
    .description(t('help.unlock'))
    .usage(`TARGET ${t('help.usageOptions')}`)
    .argument('<target>', t('help.unlockTarget', { minimum: String(SHORTEST_PREFIX) }))
    .option('--json', t('help.jsonOption'))
    .action(async (target: string) => finish(await unlock(context, target, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync unlock F-10234', t('help.exampleUnlock')],
    ['meldesync unlock 5f0c9c1e-7d0a-4a57-9f0e-0d7c5a1b2c3d', t('help.exampleUnlockId')],
  ]);
}

async function unlock(context: CliContext, text: string, options: UnlockOptions): Promise<ExitCode> {
  const { t } = context;
  const service = await openWorkspace(context, options);
  const { api, workspace } = service;
  const { name, locks } = await findLocks(context, service, text);
  if (locks.length === 0) throw new CliError('notLocked', { name });
  await refuseForeign(context, service, name, locks);
  for (const { lock } of locks) await api.endLock(workspace.id, lock);
  if (options.json) printJson(context, { ended: locks.map(({ lock, records, user }) => ({ lock, records, user })) });
  else print(context, t('unlock.done', { name }));
  return EXIT.ok;
}

interface Found {
  readonly name: string;
  readonly locks: readonly RecordLock[];
}

/** The locks that were meant: the one of that id, or all on the case. */
async function findLocks(context: CliContext, service: WorkspaceService, text: string): Promise<Found> {
  const { api, workspace } = service;
  if (isUuid(text)) {
    const locks = await api.locks(workspace.id);
    return { name: text, locks: locks.filter(({ lock }) => lock === text.toLowerCase()) };
  }
  const [{ target, candidates }, locks] = await Promise.all([lookUpTarget(service, text), api.locks(workspace.id)]);
  const records = recordsOfItsCase(target, candidates);
  const ids = new Set(records.map(({ id }) => id));
  return {
    name: describeCaseOf(records, context),
    locks: locks.filter((lock) => lock.records.some((record) => ids.has(record))),
  };
}

/** The server would refuse it as well, but it would not say whose lock it is. */
async function refuseForeign(
  { t }: CliContext,
  { api, me, workspace }: WorkspaceService,
  name: string,
  locks: readonly RecordLock[],
): Promise<void> {
  const foreign = locks.find(({ user }) => user !== me.user.id);
  if (foreign === undefined || roleAllows(workspace.role, 'admin')) return;
  const people = createPeople(await api.members(workspace.id), t);
  throw new CliError('lockNotYours', { name, who: printable(people.nameOf(foreign.user) ?? t('lock.someone')) });
}
