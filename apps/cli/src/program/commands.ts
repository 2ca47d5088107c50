import type { CliContext } from '../context.ts';
import type { CliCommand, Finish } from './command.ts';

/** Adds a command to the program. */
export type Register = (program: CliCommand, context: CliContext, finish: Finish) => void;

/**
 * Every command, in the order of the help. A command line loads the one that it names: what others need would take longer than it
 * does itself.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  login: async () => (await import('../commands/login.ts')).registerLogin,
  logout: async () => (await import('../commands/logout.ts')).registerLogout,
  whoami: async () => (await import('../commands/whoami.ts')).registerWhoami,
  servers: async () => (await import('../commands/servers.ts')).registerServers,
  workspaces: async () => (await import('../commands/workspaces.ts')).registerWorkspaces,
  sessions: async () => (await import('../commands/sessions.ts')).registerSessions,
  password: async () => (await import('../commands/password.ts')).registerPassword,
  join: async () => (await import('../commands/join.ts')).registerJoin,
  'new-password': async () => (await import('../commands/new-password.ts')).registerNewPassword,
  import: async () => (await import('../commands/import.ts')).registerImport,
  imports: async () => (await import('../commands/imports.ts')).registerImports,
  list: async () => (await import('../commands/list.ts')).registerList,
  show: async () => (await import('../commands/show.ts')).registerShow,
  edit: async () => (await import('../commands/edit.ts')).registerEdit,
  undo: async () => (await import('../commands/undo.ts')).registerUndo,
  conflicts: async () => (await import('../commands/conflicts.ts')).registerConflicts,
  resolve: async () => (await import('../commands/resolve.ts')).registerResolve,
  lock: async () => (await import('../commands/lock.ts')).registerLock,
  unlock: async () => (await import('../commands/unlock.ts')).registerUnlock,
  locks: async () => (await import('../commands/locks.ts')).registerLocks,
  verify: async () => (await import('../commands/verify.ts')).registerVerify,
  who: async () => (await import('../commands/who.ts')).registerWho,
  watch: async () => (await import('../commands/watch.ts')).registerWatch,
  trace: async () => (await import('../commands/trace.ts')).registerTrace,
  admin: async () => (await import('../commands/admin/admin.ts')).registerAdmin,
  audit: async () => (await import('../commands/audit/audit.ts')).registerAudit,
  top: async () => (await import('../commands/top.ts')).registerTop,
  doctor: async () => (await import('../commands/doctor.ts')).registerDoctor,
  completion: async () => (await import('../commands/completion.ts')).registerCompletion,
};

/** Global options that are followed by a value. */
const WITH_VALUE = new Set(['--server', '--workspace', '--token-file', '--lang']);

/** What a command line needs of the commands: the one that it names, or all. */
export function loadCommands(args: readonly string[]): Promise<Register[]> {
  const name = firstOperand(args) ?? '';
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return Promise.all((named === undefined ? Object.values(COMMANDS) : [named]).map((load) => load()));
}

function firstOperand(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (WITH_VALUE.has(arg)) at += 1;
    else if (!arg.startsWith('-')) return arg;
  }
  return undefined;
}
