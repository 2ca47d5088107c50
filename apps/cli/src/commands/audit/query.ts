import { SyncError } from '@meldesync/client';
import type { AuditEntry, AuditFilter } from '@meldesync/protocol';
import { column, printTable } from '../../admin/print-table.ts';
import { type AuditService, openAudit } from '../../audit/audit-service.ts';
import { describeEntry, type EntryText } from '../../audit/entry-text.ts';
import { addFilterOptions, type FilterOptions, filterOf } from '../../audit/filter-options.ts';
import { type CliContext, print, printAside } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { pause } from '../../input/pause.ts';
import { printJsonLine } from '../../output/json.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { positiveInteger } from '../../program/option-values.ts';
import { type AdminOptions, addCommand, type GroupParts } from '../admin/parts.ts';

type QueryOptions = AdminOptions & FilterOptions & { readonly limit: number; readonly follow?: boolean };

const DEFAULT_LIMIT = 50;
const PAGE = 500;
const POLL_MS = 2_000;
/** So many entries that were printed last are known again. */
const KNOWN = 10_000;

/** `meldesync audit query` */
export function registerAuditQuery(group: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const command = addCommand<QueryOptions>(
    group,
    parts,
    { name: 'query', description: t('help.auditQuery') },
    async (options) => query(context, options),
  );
  addFilterOptions(command, context);
  command
    .option(
      '--limit <count>',
      t('help.auditLimit', { count: DEFAULT_LIMIT }),
      positiveInteger('--limit'),
      DEFAULT_LIMIT,
    )
    .option('--follow', t('help.auditFollow'));
  addExamples(command, context, [
    ['meldesync audit query --from 24h --group sign-in', t('help.exampleAuditQuery')],
    ['meldesync audit query --follow --json', t('help.exampleAuditFollow')],
  ]);
}

async function query(context: CliContext, options: QueryOptions): Promise<ExitCode> {
  context.terminal.endWithReader();
  const service = await openAudit(context, options);
  const filter = await filterOf(service, options);
  const { entries, newest } = await readNewest(service, filter, options.limit);
  if (options.follow) return follow(context, options, { service, filter, entries, newest });
  if (options.json) for (const entry of entries) printJsonLine(context, entry);
  else
    printTable<EntryText>(
      context,
      [
        column(context.t('admin.when'), ({ when }) => when, 17),
        column(context.t('admin.who'), ({ who }) => who),
        column(context.t('admin.what'), ({ what }) => what, 10),
        column(context.t('audit.about'), ({ about }) => about),
        column(context.t('admin.change'), ({ change }) => change, 12, 1),
        column(context.t('audit.from'), ({ from }) => from, 7, 2),
      ],
      entries.map((entry) => describeEntry(context, entry)),
    );
  return EXIT.ok;
}

/** The newest entries, as many as are wanted; a page may lead on although it holds none. */
async function readNewest(service: AuditService, filter: AuditFilter, limit: number) {
  const entries: AuditEntry[] = [];
  let page = await service.query({ filter, limit: Math.min(PAGE, limit) });
  const { newest } = page;
  for (;;) {
    entries.push(...page.entries);
    if (page.next === null || entries.length >= limit) return { entries, newest };
    page = await service.query({ filter, limit: Math.min(PAGE, limit - entries.length), before: page.next });
  }
}

interface Following {
  readonly service: AuditService;
  readonly filter: AuditFilter;
  readonly entries: readonly AuditEntry[];
  readonly newest: string;
}

/** Prints entries as they come, the oldest first, until Ctrl-C, which is its good end. */
async function follow(
  context: CliContext,
  options: QueryOptions,
  { service, filter, entries, newest }: Following,
): Promise<ExitCode> {
  const printed = new Set<string>();
  const tell = (found: readonly AuditEntry[]) => {
    for (const entry of found.toReversed()) {
      if (printed.has(entry.key)) continue;
      printed.add(entry.key);
      if (options.json) printJsonLine(context, entry);
      else print(context, lineOf(describeEntry(context, entry)));
    }
    for (const key of printed) {
      if (printed.size <= KNOWN) break;
      printed.delete(key);
    }
  };
  tell(entries);
  let position = newest;
  for (;;) {
    try {
      await pause(POLL_MS, context.terminal.signal);
      const page = await readSince(service, filter, position);
      position = page.newest;
      tell(page.entries);
    } catch (error) {
      if (error instanceof CliError && error.key === 'interrupted') return EXIT.ok;
      if (isOutage(error)) printAside(context, context.t('audit.waiting'));
      else throw error;
    }
  }
}

/** What came since; where the position is known no more, what came since is what was not printed yet. */
async function readSince(service: AuditService, filter: AuditFilter, since: string) {
  try {
    const page = await service.query({ filter, limit: PAGE, since });
    // More than fit: the rest of them, with what was there before.
    const rest = page.next === null ? [] : (await readNewest(service, filter, KNOWN)).entries;
    return { entries: rest.length > 0 ? rest : page.entries, newest: page.newest };
  } catch (error) {
    if (!(error instanceof SyncError && error.code === 'cursor-unknown')) throw error;
    return readNewest(service, filter, PAGE);
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof SyncError && error.retryable;
}

function lineOf({ when, who, what, about, change, from }: EntryText): string {
  return [when, who, what, about, change, from === '' ? '' : `(${from})`]
    .filter((part) => part !== '')
    .map(printable)
    .join('  ');
}
