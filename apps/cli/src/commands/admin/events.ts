import type { AdministrationEvent } from '@meldesync/protocol';
import { openAdmin, openAdminWorkspace } from '../../admin/admin-service.ts';
import { column, printTable } from '../../admin/print-table.ts';
import type { CliContext } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJsonLine } from '../../output/json.ts';
import type { CliCommand } from '../../program/command.ts';
import { positiveInteger } from '../../program/option-values.ts';
import { type AdminOptions, addCommand, type GroupParts } from './parts.ts';

interface EventsOptions extends AdminOptions {
  readonly installation?: boolean;
  readonly limit: number;
}

const PAGE = 100;
const DEFAULT_LIMIT = 50;

/** `meldesync admin events` */
export function registerAdminEvents(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  addCommand<EventsOptions>(parent, parts, { name: 'events', description: t('help.adminEvents') }, async (options) =>
    events(context, options),
  )
    .option('--installation', t('help.adminEventsInstallation'))
    .option(
      '--limit <count>',
      t('help.adminEventsLimit', { count: DEFAULT_LIMIT }),
      positiveInteger('--limit'),
      DEFAULT_LIMIT,
    );
}

async function events(context: CliContext, options: EventsOptions): Promise<ExitCode> {
  const { t, dates } = context;
  context.terminal.endWithReader();
  const readPage = await pagesOf(context, options);
  const found: AdministrationEvent[] = [];
  for (let before: number | undefined; found.length < options.limit; ) {
    const page = await readPage({ before, limit: Math.min(PAGE, options.limit - found.length) });
    found.push(...page.events);
    if (page.next === null) break;
    before = page.next;
  }
  if (options.json) {
    for (const event of found) printJsonLine(context, event);
    return EXIT.ok;
  }
  const columns = [
    column(t('admin.when'), 8),
    column(t('admin.who'), 8),
    column(t('admin.what'), 10),
    column(t('admin.whom'), 8),
    column(t('admin.change'), 12, 1),
    column(t('admin.address'), 7, 2),
  ];
  printTable(
    context,
    columns,
    found.map((event) => [
      dates.short(event.at),
      event.actorName ?? event.actor,
      event.kind,
      event.subjectName ?? event.subject ?? '',
      describeChange(event),
      event.address ?? '',
    ]),
  );
  return EXIT.ok;
}

async function pagesOf(context: CliContext, options: EventsOptions) {
  if (options.installation) {
    const { admin } = await openAdmin(context, options);
    return admin.events;
  }
  const { admin, workspace } = await openAdminWorkspace(context, options);
  return (page: Parameters<typeof admin.events>[0]) => admin.workspaceEvents(workspace.id, page);
}

/** What was before and is now, each field that one of them names. */
function describeChange({ before, after }: AdministrationEvent): string {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .map((field) => {
      const [was, is] = [before?.[field], after?.[field]];
      return was === undefined || was === null ? `${field}: ${shown(is)}` : `${field}: ${shown(was)} → ${shown(is)}`;
    })
    .join(', ');
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
