import type { CliContext } from '../../context.ts';
import type { CliCommand, Finish } from '../../program/command.ts';
import { registerAdminAccounts } from './accounts.ts';
import { registerAdminBootstrap } from './bootstrap.ts';
import { registerAdminEvents } from './events.ts';
import { registerAdminInvitations } from './invitations.ts';
import { registerAdminMembers } from './members.ts';
import { addGroup } from './parts.ts';
import { registerAdminServices } from './services.ts';
import { registerAdminWorkspaces } from './workspaces.ts';

/** `meldesync admin …` */
export function registerAdmin(program: CliCommand, context: CliContext, finish: Finish): void {
  const parts = { context, finish };
  const admin = addGroup(program, parts, 'admin', context.t('help.admin'));
  registerAdminBootstrap(admin, parts);
  registerAdminWorkspaces(admin, parts);
  registerAdminMembers(admin, parts);
  registerAdminInvitations(admin, parts);
  registerAdminAccounts(admin, parts);
  registerAdminServices(admin, parts);
  registerAdminEvents(admin, parts);
}
