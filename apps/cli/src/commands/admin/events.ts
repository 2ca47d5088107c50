import { changesOf, describeEventValue, namesOfSubjects } from '@meldesync/client';
import {
  type AdministrationEvent,
  eventActorName,
  eventFieldName,
  eventKindName,
  type Role,
} from '@meldesync/protocol';
import { openAdmin, openAdminWorkspace } from '../../admin/admin-service.ts';
import { column, printTable, type RowColumn } from '../../admin/print-table.ts';
import type { CliContext } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJsonLine } from '../../output/json.ts';
import { describeRole } from '../../output/role.ts';
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
  const { t, dates, language } = context;
  context.terminal.endWithReader();
  const { readPage, workspaces } = await openEvents(context, options);
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
  const subjects = namesOfSubjects(found);
  const placeOf = ({ workspace }: AdministrationEvent) => workspaces.find(({ id }) => id === workspace)?.name ?? null;
  const subjectOf = (event: AdministrationEvent) => subjects.get(event.subject ?? '') ?? placeOf(event);
  const columns: readonly RowColumn<AdministrationEvent>[] = [
    column(t('admin.when'), ({ at }) => dates.short(at)),
    column(t('admin.who'), (event) => eventActorName(event, language)),
    column(t('admin.what'), ({ kind }) => eventKindName(kind, language), 10),
    column(t('admin.whom'), (event) => subjectOf(event) ?? ''),
    column(t('admin.change'), (event) => describeChanges(context, event, subjectOf(event)), 12, 1),
    column(t('admin.address'), ({ address }) => address ?? '', 7, 2),
  ];
  printTable(context, columns, found);
  return EXIT.ok;
}

/** What reads their pages, and the workspaces that they may be of. */
async function openEvents(context: CliContext, options: EventsOptions) {
  if (options.installation) {
    const { admin } = await openAdmin(context, options);
    return { readPage: admin.events, workspaces: await admin.workspaces() };
  }
  const { admin, workspace } = await openAdminWorkspace(context, options);
  const readPage = (page: Parameters<typeof admin.events>[0]) => admin.workspaceEvents(workspace.id, page);
  return { readPage, workspaces: [workspace] };
}

/** What was before and is now, each field that one of them names. */
function describeChanges(context: CliContext, event: AdministrationEvent, subject: string | null): string {
  const { t, dates, language } = context;
  const texts = {
    language,
    yes: t('common.yes'),
    no: t('common.no'),
    nothing: t('common.none'),
    unlimited: t('admin.unlimited'),
    role: (role: Role) => describeRole(role, t),
    moment: dates.short,
  };
  const valueOf = (field: string, value: unknown) =>
    value === undefined ? texts.nothing : describeEventValue(field, value, texts);
  return changesOf(event, subject)
    .map(({ field, before, after }) => {
      const was = before === undefined ? '' : `${valueOf(field, before)} → `;
      return `${eventFieldName(field, language)}: ${was}${valueOf(field, after)}`;
    })
    .join(', ');
}
