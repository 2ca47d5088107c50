import { roleAllows } from '@meldesync/protocol';
import { useRouteContext } from '@tanstack/react-router';

/** Whether the person administers a workspace, this one or another, and so may see how the whole service is. */
export function useMayOperate(): boolean {
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  // As for Verwaltung: the follower of administration looks again as soon as a role has changed.
  return me.workspaces.some(({ role }) => roleAllows(role, 'admin'));
}
