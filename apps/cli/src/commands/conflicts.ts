import type { ClientRecord } from '@meldesync/client';
import { type StoredConflict } from '@meldesync/protocol';
import { Option } from 'commander';
import { conflictFieldsToJson } from '../conflict/conflict-json.ts';
import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { describeRecord } from '../output/case-text.ts';
import { printJson } from '../output/json.ts';
import { type Column, renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';
import { positiveInteger } from '../program/option-values.ts';
import { createPeople, type People } from '../session/people.ts';
import { openWorkspace, type WorkspaceService } from '../session/service.ts';
import { lookUpRecords } from '../target/look-up.ts';

interface ConflictsOptions extends GlobalOptions {
  readonly all?: boolean;
  readonly limit?: number;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 100;

/** `meldesync conflicts` */
export function registerConflicts(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('conflicts');
  command
    .description(t('help.conflicts'))
    .usage(t('help.usageOptions'))
    .option('--all', t('help.conflictsAll'))
    .addOption(
      new Option('--limit <count>', t('help.conflictsLimit', { count: DEFAULT_LIMIT })).argParser(
        positiveInteger('--limit'),
      ),
    )
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await conflicts(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync conflicts', t('help.exampleConflicts')],
    [`meldesync conflicts --json | jq -r '.conflicts[].conflict'`, t('help.exampleConflictsJson')],
  ]);
}

/** A conflict and its record; undefined when that was deleted. */
interface Listed {
  readonly stored: StoredConflict;
  readonly record: ClientRecord | undefined;
}

async function conflicts(context: CliContext, options: ConflictsOptions): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openWorkspace(context, options);
  const { api, workspace } = service;
  const [found, members] = await Promise.all([collect(service, options), api.members(workspace.id)]);
  const records = await lookUpRecords(
    service,
    found.map(({ record }) => record),
  );
  const listed = found.map((stored): Listed => ({ stored, record: records.get(stored.record) }));
  const people = createPeople(members, context.t);
  if (options.json) printJson(context, { conflicts: listed.map((each) => conflictToJson(each, people)) });
  else if (listed.length === 0) printAside(context, context.t('conflicts.nothing'));
  else printTable(context, listed, people, options.all === true);
  return EXIT.ok;
}

/** One's own open ones, newest first; with `all` the settled ones too, of everyone for an admin. */
async function collect(
  { api, workspace, me }: WorkspaceService,
  { all = false, limit = DEFAULT_LIMIT }: ConflictsOptions,
): Promise<StoredConflict[]> {
  const found: StoredConflict[] = [];
  let before: string | undefined;
  do {
    const page = await api.conflicts(workspace.id, { before, state: all ? 'all' : 'open' });
    // An admin is given everyone's.
    found.push(...page.conflicts.filter(({ by }) => all || by === `user:${me.user.id}`));
    before = page.next ?? undefined;
  } while (before !== undefined && found.length < limit);
  return found.slice(0, limit);
}

function printTable(context: CliContext, listed: readonly Listed[], people: People, all: boolean): void {
  const { t, dates, style, terminal } = context;
  const columns: Column[] = [
    { header: t('conflicts.id'), minWidth: 36, dropOrder: 0 },
    { header: t('conflicts.record'), minWidth: 12, dropOrder: 0 },
    { header: t('conflicts.at'), minWidth: 5, dropOrder: 2 },
    { header: t('conflicts.fields'), minWidth: 8, dropOrder: 1 },
    ...(all ? ALL_COLUMNS.map((key): Column => ({ header: t(`conflicts.${key}`), minWidth: 8, dropOrder: 3 })) : []),
  ];
  const rows = listed.map(({ stored, record }) => [
    stored.conflict,
    record === undefined ? t('common.recordName', { id: String(stored.record) }) : describeRecord(record, context),
    dates.short(stored.at),
    stored.fields
      .filter(({ attempted }) => attempted !== undefined)
      .map(({ field }) => t(`fields.${field}`))
      .join(', '),
    ...(all ? [people.describe(stored.by), describeState(stored, context, people)] : []),
  ]);
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
  printAside(context, `\n${t('conflicts.hint')}`);
}

const ALL_COLUMNS = ['by', 'state'] as const;

/** Open, or how it was settled, by whom and when (R5.2). */
function describeState({ resolved }: StoredConflict, { t, dates }: CliContext, people: People): string {
  if (resolved === null) return t('conflicts.open');
  const { resolution, by, at } = resolved;
  return t('conflicts.settled', {
    how: t(`conflicts.resolution.${resolution}`),
    who: people.describe(by),
    when: dates.short(at),
  });
}

function conflictToJson({ stored, record }: Listed, people: People): object {
  const { fields, resolved, ...rest } = stored;
  return {
    ...rest,
    byName: people.describe(stored.by),
    caseId: record?.caseId ?? null,
    vorgangsnummer: record?.vorgangsnummer ?? null,
    fields: conflictFieldsToJson(fields, people),
    resolved: resolved === null ? null : { ...resolved, byName: people.describe(resolved.by) },
  };
}
