import type { AdministeredWorkspace } from '@meldesync/protocol';
import { openAdmin } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { column, type List } from '../../admin/print-table.ts';
import { report } from '../../admin/report.ts';
import type { CliContext } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { type AdminOptions, addCommand, addGroup, addList, type GroupParts } from './parts.ts';

/** `meldesync admin workspaces …` */
export function registerAdminWorkspaces(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const group = addGroup(parent, parts, 'workspaces', t('help.adminWorkspaces'));
  const workspace = ['<workspace>', t('help.adminWorkspaceArgument')] as const;
  const name = ['<name>', t('help.adminNameArgument')] as const;

  addList(group, parts, t('help.adminWorkspacesList'), (options) => list(context, options));
  addCommand(
    group,
    parts,
    { name: 'create', description: t('help.adminWorkspacesCreate'), args: [name] },
    async (options, [wanted = '']) => {
      const { admin } = await openAdmin(context, options);
      return reportWorkspace(context, options, await admin.createWorkspace(wanted), 'created');
    },
  );
  addCommand(
    group,
    parts,
    { name: 'rename', description: t('help.adminWorkspacesRename'), args: [workspace, name] },
    async (options, [wanted = '', newName = '']) => {
      const { admin } = await openAdmin(context, options);
      const found = findOne(await admin.workspaces(), wanted);
      const changed = await admin.changeWorkspace(found.id, found.version, { name: newName });
      return reportWorkspace(context, options, changed, 'renamed');
    },
  );
  addCommand(
    group,
    parts,
    { name: 'archive', description: t('help.adminWorkspacesArchive'), args: [workspace], asks: true },
    async (options, [wanted = '']) => {
      const { admin } = await openAdmin(context, options);
      const found = findOne(await admin.workspaces(), wanted);
      await confirm(context, t('admin.confirmArchive', { name: printable(found.name) }), options);
      const changed = await admin.changeWorkspace(found.id, found.version, { isArchived: true });
      return reportWorkspace(context, options, changed, 'archived');
    },
  );
  addCommand(
    group,
    parts,
    { name: 'restore', description: t('help.adminWorkspacesRestore'), args: [workspace] },
    async (options, [wanted = '']) => {
      const { admin } = await openAdmin(context, options);
      const found = findOne(await admin.workspaces(), wanted);
      const changed = await admin.changeWorkspace(found.id, found.version, { isArchived: false });
      return reportWorkspace(context, options, changed, 'restored');
    },
  );
}

async function list(context: CliContext, options: AdminOptions): Promise<List<AdministeredWorkspace>> {
  const { t, dates } = context;
  const { admin } = await openAdmin(context, options);
  const workspaces = await admin.workspaces();
  return {
    json: { workspaces },
    rows: workspaces,
    columns: [
      column(t('admin.workspace'), ({ name }) => name),
      column(t('admin.members'), ({ members }) => String(members), 3, 0, 'right'),
      column(t('admin.state'), (workspace) => describeState(context, workspace), 6, 2),
      column(t('admin.since'), ({ createdAt }) => dates.short(createdAt), 8, 3),
      column(t('admin.id'), ({ id }) => id, 36, 1),
    ],
  };
}

function describeState({ t }: CliContext, { archivedAt, isDemo }: AdministeredWorkspace): string {
  if (archivedAt !== null) return t('admin.stateArchived');
  return isDemo ? t('admin.demo') : t('admin.stateActive');
}

function reportWorkspace(
  context: CliContext,
  options: AdminOptions,
  workspace: AdministeredWorkspace,
  done: 'created' | 'renamed' | 'archived' | 'restored',
): ExitCode {
  const said = { name: printable(workspace.name), id: workspace.id };
  return report(context, options, workspace, context.t(`admin.workspaceDone.${done}`, said));
}
