import { roleAllows } from '@meldesync/protocol';
import { useRouteContext } from '@tanstack/react-router';
import { useRole } from '../../sync/use-connection.ts';

/** Whether the person administers a workspace, this one or another, and so may see how the whole service is. */
export function useMayOperate(): boolean {
  const { me, workspace } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const role = useRole();
  return (
    roleAllows(role, 'admin') ||
    me.workspaces.some((other) => other.id !== workspace.id && roleAllows(other.role, 'admin'))
  );
}
