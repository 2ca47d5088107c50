import { roleAllows } from '@meldesync/protocol';
import { useRouteContext } from '@tanstack/react-router';
import { useRole } from '../../sync/use-connection.ts';

/** Whether the person administers the open workspace, or the whole installation. */
export function useMayAdminister(): boolean {
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  return roleAllows(useRole(), 'admin') || me.user.isInstallationAdmin === true;
}
