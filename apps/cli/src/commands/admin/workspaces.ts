import type { AdministeredWorkspace } from '@meldesync/protocol';
import { openAdmin } from '../../admin/admin-service.ts';
import { confirm } from '../../admin/confirm.ts';
import { findOne } from '../../admin/find-one.ts';
import { column, printTable } from '../../admin/print-table.ts';
import { type CliContext, print } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { printJson } from '../../output/json.ts';
import { printable } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { type AdminOptions, addCommand, addGroup, type GroupParts } from './parts.ts';

/** `meldesync admin workspaces …` */
export function registerAdminWorkspaces(parent: CliCommand, parts: GroupParts): void {
  const { context } = parts;
  const { t } = context;
  const group = addGroup(parent, parts, 'workspaces', t('help.adminWorkspaces'));
  const workspace = ['<workspace>', t('help.adminWorkspaceArgument')] as const;
  const name = ['<name>', t('help.adminNameArgument')] as const;

  addCommand(
    group,
    parts,
    { name: 'list', description: t('help.adminWorkspacesList'), isDefault: true },
    async (options) => list(context, options),
  );
  addCommand(
    group,
    parts,
    { name: 'create', description: t('help.adminWorkspacesCreate'), args: [name] },
    async (options, [wanted = '']) => {
      const { admin } = await openAdmin(context, options);
      return report(context, options, await admin.createWorkspace(wanted), 'created');
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
      return report(context, options, changed, 'renamed');
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
      return report(context, options, changed, 'archived');
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
      return report(context, options, changed, 'restored');
    },
  );
}

async function list(context: CliContext, options: AdminOptions): Promise<ExitCode> {
  const { t, dates } = context;
  const { admin } = await openAdmin(context, options);
  const workspaces = await admin.workspaces();
  if (options.json) {
    printJson(context, { workspaces });
    return EXIT.ok;
  }
  const columns = [
    column(t('admin.workspace')),
    { ...column(t('admin.members'), 3), align: 'right' as const },
    column(t('admin.state'), 6, 2),
    column(t('admin.since'), 8, 3),
    column(t('admin.id'), 36, 1),
  ];
  const rows = workspaces.map((workspace) => [
    workspace.name,
    String(workspace.members),
    describeState(context, workspace),
    dates.short(workspace.createdAt),
    workspace.id,
  ]);
  printTable(context, columns, rows);
  return EXIT.ok;
}

function describeState({ t }: CliContext, { archivedAt, isDemo }: AdministeredWorkspace): string {
  if (archivedAt !== null) return t('admin.stateArchived');
  return isDemo ? t('admin.demo') : t('admin.stateActive');
}

function report(
  context: CliContext,
  options: AdminOptions,
  workspace: AdministeredWorkspace,
  done: 'created' | 'renamed' | 'archived' | 'restored',
): ExitCode {
  if (options.json) printJson(context, workspace);
  else print(context, context.t(`admin.workspaceDone.${done}`, { name: printable(workspace.name), id: workspace.id }));
  return EXIT.ok;
}
