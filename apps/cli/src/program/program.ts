import { registerAdmin } from '../commands/admin/admin.ts';
import { registerAudit } from '../commands/audit/audit.ts';
import { registerCompletion } from '../commands/completion.ts';
import { registerConflicts } from '../commands/conflicts.ts';
import { registerDoctor } from '../commands/doctor.ts';
import { registerEdit } from '../commands/edit.ts';
import { registerImport } from '../commands/import.ts';
import { registerImports } from '../commands/imports.ts';
import { registerJoin } from '../commands/join.ts';
import { registerList } from '../commands/list.ts';
import { registerLock } from '../commands/lock.ts';
import { registerLocks } from '../commands/locks.ts';
import { registerLogin } from '../commands/login.ts';
import { registerLogout } from '../commands/logout.ts';
import { registerNewPassword } from '../commands/new-password.ts';
import { registerPassword } from '../commands/password.ts';
import { registerResolve } from '../commands/resolve.ts';
import { registerServers } from '../commands/servers.ts';
import { registerSessions } from '../commands/sessions.ts';
import { registerShow } from '../commands/show.ts';
import { registerTop } from '../commands/top.ts';
import { registerTrace } from '../commands/trace.ts';
import { registerUndo } from '../commands/undo.ts';
import { registerUnlock } from '../commands/unlock.ts';
import { registerVerify } from '../commands/verify.ts';
import { registerWatch } from '../commands/watch.ts';
import { registerWho } from '../commands/who.ts';
import { registerWhoami } from '../commands/whoami.ts';
import { registerWorkspaces } from '../commands/workspaces.ts';
import type { CliContext } from '../context.ts';
import { LANGUAGES } from '../messages/language.ts';
import { VERSION } from '../version.ts';
import { CliCommand, type Finish } from './command.ts';
import { addReference, helpConfiguration } from './help.ts';
import { WordOption } from './option-values.ts';

/** The whole command line: options every command takes, and the commands. */
export function createProgram(context: CliContext, finish: Finish): CliCommand {
  const { t, terminal } = context;
  const program = new CliCommand('meldesync');
  program
    .description(t('help.program'))
    .usage(t('help.usageProgram'))
    .version(VERSION, '-V, --version', t('help.versionOption'))
    .helpOption('-h, --help', t('help.helpOption'))
    .helpCommand('help [command]', t('help.helpCommand'))
    .option('--server <url>', t('help.serverOption'))
    .option('--workspace <name>', t('help.workspaceOption'))
    .option('--token-file <path>', t('help.tokenFileOption'))
    .addOption(new WordOption('--lang <language>', t('help.langOption'), LANGUAGES))
    .option('--no-color', t('help.colorOption'))
    .exitOverride()
    .configureHelp(helpConfiguration(context))
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns || 80,
      getErrHelpWidth: () => terminal.stderr.columns || 80,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    });
  const register = [
    registerLogin,
    registerLogout,
    registerWhoami,
    registerServers,
    registerWorkspaces,
    registerSessions,
    registerPassword,
    registerJoin,
    registerNewPassword,
    registerImport,
    registerImports,
    registerList,
    registerShow,
    registerEdit,
    registerUndo,
    registerConflicts,
    registerResolve,
    registerLock,
    registerUnlock,
    registerLocks,
    registerVerify,
    registerWho,
    registerWatch,
    registerTrace,
    registerAdmin,
    registerAudit,
    registerTop,
    registerDoctor,
    registerCompletion,
  ];
  for (const registerCommand of register) registerCommand(program, context, finish);
  addReference(program, context);
  return program;
}
