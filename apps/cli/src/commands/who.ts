import type { ClientRecord, PresenceSnapshot, SyncClient } from '@meldesync/client';
import { isClientKind, type PresentPerson } from '@meldesync/protocol';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { describeCaseOf } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import { renderTable } from '../output/table.ts';
import { printable } from '../output/text.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { withConnection } from '../session/live-records.ts';
import { createPeople, describeMember } from '../session/people.ts';
import { openWorkspace } from '../session/service.ts';
import { lookUpRecords } from '../target/look-up.ts';

interface WhoOptions extends GlobalOptions {
  readonly json?: boolean;
}

/** Who is here is told a second apart or more; we are one of them, so there is always something to tell. */
const PATIENCE_MS = 5_000;

/** `meldesync who` */
export function registerWho(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('who');
  command
    .description(t('help.who'))
    .usage(t('help.usageOptions'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await who(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync who', t('help.exampleWho')],
    [`meldesync who --json | jq -r '.people[] | .name + " " + (.cases | join(", "))'`, t('help.exampleWhoJson')],
  ]);
}

interface Present extends PresentPerson {
  /** The records they have open, without those that are gone. */
  readonly open: readonly ClientRecord[];
}

async function who(context: CliContext, options: WhoOptions): Promise<ExitCode> {
  const { t, style, terminal } = context;
  terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const { api, workspace, me } = service;
  const [{ people: here, total }, members] = await Promise.all([
    withConnection(context, service, (client) => presenceWith(client, me.user.id)),
    api.members(workspace.id),
  ]);
  const records = await lookUpRecords(
    service,
    here.flatMap((person) => person.records),
  );
  const present = here.map((person): Present => {
    const open = person.records.map((record) => records.get(record));
    return { ...person, open: open.filter((record) => record !== undefined) };
  });
  const people = createPeople(members, t);
  if (options.json) {
    printJson(context, {
      total,
      people: present.map(({ user, kinds, records, open }) => ({
        user,
        name: people.nameOf(user) ?? null,
        kinds,
        records,
        cases: [...new Set(open.flatMap(({ caseId }) => caseId ?? []))],
      })),
    });
    return EXIT.ok;
  }
  const columns = [
    { header: t('who.who'), minWidth: 8, dropOrder: 0 },
    { header: t('who.with'), minWidth: 8, dropOrder: 1 },
    { header: t('who.open'), minWidth: 8, dropOrder: 0 },
  ];
  const rows = present.map(({ user, kinds, open }) => [
    describeMember(user, me.user.id, people, t),
    kinds.map((kind) => (isClientKind(kind) ? t(`who.kind.${kind}`) : printable(kind))).join(', '),
    [...new Set(open.map((record) => describeCaseOf([record], context)))].join(', ') || t('common.none'),
  ]);
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
  if (total > present.length) printAside(context, t('who.more', { count: total - present.length }));
  return EXIT.ok;
}

/**
 * Who is here, once the server has said it and counts ourselves: what it said before is of a moment ago. Throws
 * `presenceUnknown`.
 */
async function presenceWith({ presence }: SyncClient, me: string): Promise<PresenceSnapshot> {
  let stop: () => void = () => undefined;
  try {
    return await new Promise<PresenceSnapshot>((resolve, reject) => {
      const look = () => {
        const snapshot = presence.getSnapshot();
        const { people, total } = snapshot;
        // Of very many some are told of, and those need not be us.
        if (people.some(({ user }) => user === me) || total > people.length) resolve(snapshot);
      };
      const unsubscribe = presence.subscribe(look);
      const timer = setTimeout(() => reject(new CliError('presenceUnknown')), PATIENCE_MS);
      stop = () => {
        clearTimeout(timer);
        unsubscribe();
      };
      look();
    });
  } finally {
    stop();
  }
}
