import type { Role } from '@meldesync/protocol';
import { Option } from 'commander';
import type { ConfirmOptions } from '../../admin/confirm.ts';
import { type List, printList } from '../../admin/print-table.ts';
import type { CliContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { CliCommand, Finish } from '../../program/command.ts';
import { oneOf } from '../../program/option-values.ts';

/** What every command of administration takes. */
export type AdminOptions = GlobalOptions & ConfirmOptions & { readonly json?: boolean };

/** What a group of commands is built with. */
export interface GroupParts {
  readonly context: CliContext;
  readonly finish: Finish;
}

export const ROLES: readonly Role[] = ['viewer', 'editor', 'admin', 'auditor'];
/** Of programs. */
export const LIMIT_ROLES = ['viewer', 'editor', 'admin'] as const;

/** A group of commands, such as `meldesync admin members`. */
export function addGroup(parent: CliCommand, { context }: GroupParts, name: string, description: string): CliCommand {
  const group = parent.command(name);
  return group
    .description(description)
    .usage(context.t('help.usageProgram'))
    .helpCommand('help [command]', context.t('help.helpCommand'));
}

/** A command of a group, with `--json`; `run` gets its arguments and options. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who defines the options of a command says their type
export function addCommand<Options extends AdminOptions>(
  group: CliCommand,
  { context, finish }: GroupParts,
  definition: {
    readonly name: string;
    readonly description: string;
    readonly args?: readonly (readonly [syntax: string, description: string])[];
    readonly isDefault?: boolean;
    /** It cannot be undone: `--yes` says that it is meant. */
    readonly asks?: boolean;
  },
  run: (options: Options, args: readonly string[]) => Promise<ExitCode>,
): CliCommand {
  const { t } = context;
  const command = group.command(definition.name, { isDefault: definition.isDefault === true });
  const args = definition.args ?? [];
  const shown = args.map(([syntax]) => syntax.replace(/[<>]/g, '').toUpperCase());
  command.description(definition.description).usage([...shown, t('help.usageOptions')].join(' '));
  for (const [syntax, description] of args) command.argument(syntax, description);
  if (definition.asks) command.option('--yes', t('help.yesOption'));
  command.option('--json', t('help.jsonOption'));
  command.action(async () => {
    finish(await run(command.optsWithGlobals(), command.args));
  });
  return command;
}

/** `list` of a group, which is also what the group does by itself. */
export function addList<Row>(
  group: CliCommand,
  parts: GroupParts,
  description: string,
  read: (options: AdminOptions) => Promise<List<Row>>,
): void {
  addCommand(group, parts, { name: 'list', description, isDefault: true }, async (options) =>
    printList(parts.context, options, await read(options)),
  );
}

export function roleOption(flags: string, description: string, roles: readonly Role[]): Option {
  const parse = oneOf('--role', roles);
  return new Option(flags, `${description}: ${roles.join(', ')}`).argParser(parse).makeOptionMandatory();
}
