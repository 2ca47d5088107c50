import { type CliContext, type GlobalOptions, print } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { describeRole } from '../output/role.ts';
import { renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { openService } from '../session/service.ts';
import { openSignIns } from '../session/sign-ins.ts';
import { chooseWorkspace, findWorkspace } from '../session/workspace.ts';

interface WorkspacesOptions extends GlobalOptions {
  readonly use?: string;
  readonly json?: boolean;
}

/** `meldesync workspaces` */
export function registerWorkspaces(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('workspaces');
  command
    .description(t('help.workspaces'))
    .usage(t('help.usageOptions'))
    .option('--use <name>', t('help.workspacesUse'))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await workspaces(context, command.optsWithGlobals())));
}

async function workspaces(context: CliContext, options: WorkspacesOptions): Promise<ExitCode> {
  const { t, terminal, style } = context;
  const { access, me } = await openService(context, options);
  if (options.use !== undefined) {
    const workspace = chooseWorkspace(me.workspaces, options.use);
    const signIns = await openSignIns(terminal);
    await signIns.chooseWorkspace(access.server, workspace.id);
    if (!options.json) print(context, t('workspaces.chosen', { name: workspace.name }));
    else printJson(context, workspace);
    return EXIT.ok;
  }
  const current = findWorkspace(me.workspaces, access.workspace);
  if (options.json) {
    printJson(
      context,
      me.workspaces.map((workspace) => ({ ...workspace, chosen: workspace.id === current?.id })),
    );
    return EXIT.ok;
  }
  const columns = [
    { header: '', minWidth: 1, dropOrder: 0 },
    { header: t('workspaces.name'), minWidth: 8, dropOrder: 0 },
    { header: t('workspaces.role'), minWidth: 6, dropOrder: 2 },
    { header: t('workspaces.id'), minWidth: 36, dropOrder: 1 },
  ];
  const rows = me.workspaces.map(({ id, name, role }) => [
    id === current?.id ? '*' : '',
    name,
    describeRole(role, t),
    id,
  ]);
  for (const line of renderTable(columns, rows, style, outputWidth(terminal))) print(context, line);
  return EXIT.ok;
}
