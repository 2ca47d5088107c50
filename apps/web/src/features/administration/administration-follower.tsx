import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { membersQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { ADMINISTRATION } from './administration-key.ts';
import { useRefreshMe } from './use-refresh-me.ts';

/** What comes in a row, as when many are invited, is looked up once. */
const GATHER_MS = 250;

/** Looks people and workspaces up anew when somebody has administered: names, roles and all that Verwaltung shows. */
export function AdministrationFollower() {
  const queryClient = useQueryClient();
  const { client, workspace } = useSync();
  const refreshMe = useRefreshMe();
  const look = useEffectEvent(() => {
    void queryClient.invalidateQueries({ queryKey: ADMINISTRATION });
    void queryClient.invalidateQueries({ queryKey: membersQuery(workspace.id).queryKey });
    // Without an answer everything stays as it was; the next news asks again.
    refreshMe().catch((error: unknown) => console.warn('Who one is could not be looked up:', error));
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = client.onAdministration(() => {
      clearTimeout(timer);
      timer = setTimeout(look, GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [client]);
  const connection = useConnection();
  const isRefused = connection.name === 'refused';
  useEffect(() => {
    // Who does not belong here any more is told so, and sees nothing of it.
    if (isRefused) look();
  }, [isRefused]);
  return null;
}
