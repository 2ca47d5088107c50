export {
  type AccountChange,
  changeAccount,
  createAccount,
  deleteAccount,
  endAccountSessions,
  listAccounts,
  makePasswordLink,
  removeSecondFactors,
} from './accounts.ts';
export {
  ActRefusedError,
  type Administrator,
  type Author,
  EventUnrecordedError,
  type NewEvent,
  recordEvent,
  SYSTEM,
} from './act.ts';
export { isInstallationAdmin } from './authority.ts';
export { type DemoPerson, disableDemo, enableDemo } from './demo.ts';
export * from './event-page.ts';
export * from './invitations.ts';
export { mergeAccounts, unlinkAccount } from './link-accounts.ts';
export {
  acceptInvitation,
  isDemo,
  lookAtInvitation,
  lookAtPasswordLink,
  lookAtSetUp,
  type MadeLink,
  makeSetUpLink,
  needsSetUp,
  setUp,
  usePasswordLink,
} from './links.ts';
export { addMember, changeMember, listAdministeredMembers, type MemberChange, removeMember } from './members.ts';
export * from './service-accounts.ts';
export { makeWayBack } from './way-back.ts';
export { changeWorkspace, createWorkspace, listAdministeredWorkspaces, workspaceName } from './workspaces.ts';
