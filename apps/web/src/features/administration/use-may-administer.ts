import { roleAllows } from '@meldesync/protocol';
import { useRouteContext } from '@tanstack/react-router';

/** Whether the person administers the open workspace, or the whole installation. */
export function useMayAdminister(): boolean {
  const { me, workspace } = useRouteContext({ from: '/signed-in/w/$workspace' });
  // The follower of administration looks again as soon as either has changed.
  return roleAllows(workspace.role, 'admin') || me.user.isInstallationAdmin === true;
}
