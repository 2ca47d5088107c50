import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { liveLockToJson, secondsUntil, toLiveTimes } from '../lock/lock-text.ts';
import { describeCaseOf } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import { renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { createPeople, describeMember } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { lookUpRecords } from '../target/look-up.ts';

interface LocksOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** `meldesync locks` */
export function registerLocks(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('locks');
  command
    .description(t('help.locks'))
    .usage(t('help.usageOptions'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await listLocks(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync locks', t('help.exampleLocks')],
    [`meldesync locks --json | jq -r '.locks[].userName'`, t('help.exampleLocksJson')],
  ]);
}

async function listLocks(context: CliContext, options: LocksOptions): Promise<ExitCode> {
  const { t, dates, style, terminal } = context;
  terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const { api, workspace, me } = service;
  const [locks, members] = await Promise.all([api.locks(workspace.id), api.members(workspace.id)]);
  const now = locks.map((lock) => ({ ...lock, ...toLiveTimes(lock) }));
  const records = await lookUpRecords(
    service,
    locks.flatMap((lock) => lock.records),
  );
  const held = now
    .map((lock) => ({ ...lock, found: lock.records.map((record) => records.get(record)) }))
    .sort((one, other) => one.since - other.since);
  const people = createPeople(members, t);
  if (options.json) {
    printJson(context, {
      locks: held.map((lock) => ({
        ...liveLockToJson(lock, people),
        caseId: lock.found.find((record) => record !== undefined)?.caseId ?? null,
        own: lock.user === me.user.id,
      })),
    });
    return EXIT.ok;
  }
  if (held.length === 0) {
    printAside(context, t('locks.nothing'));
    return EXIT.ok;
  }
  const columns = [
    { header: t('locks.case'), minWidth: 8, dropOrder: 0 },
    { header: t('locks.who'), minWidth: 8, dropOrder: 0 },
    { header: t('locks.since'), minWidth: 5, dropOrder: 0 },
    { header: t('locks.ends'), minWidth: 7, dropOrder: 2 },
    { header: t('locks.id'), minWidth: 36, dropOrder: 1 },
  ];
  const rows = held.map((lock) => [
    describeCaseOf(lock.found, context),
    describeMember(lock.user, me.user.id, people, t),
    dates.short(new Date(lock.since)),
    lock.endsAt === null ? t('common.none') : t('locks.endsIn', { seconds: secondsUntil(lock.endsAt) }),
    lock.lock,
  ]);
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
  return EXIT.ok;
}
