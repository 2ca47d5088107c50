import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { isUnreachable } from '../../api/api.ts';
import { membersQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { ADMINISTRATION } from './administration-key.ts';
import { useRefreshMe } from './use-refresh-me.ts';

/** What comes in a row, as when many are invited, is looked up once. */
const GATHER_MS = 250;
/** When it is tried again where the service did not answer. */
const AGAIN_MS = 5_000;

/** Looks people and workspaces up anew when somebody has administered: names, roles and all that Verwaltung shows. */
export function AdministrationFollower() {
  const queryClient = useQueryClient();
  const { client, workspace } = useSync();
  const refreshMe = useRefreshMe();
  const connection = useConnection();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const plan = useEffectEvent((afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void look(), afterMs);
  });
  const look = useEffectEvent(async () => {
    void queryClient.invalidateQueries({ queryKey: ADMINISTRATION });
    void queryClient.invalidateQueries({ queryKey: membersQuery(workspace.id).queryKey });
    try {
      await refreshMe();
    } catch (error) {
      console.warn('Who one is could not be looked up:', error);
      if (isUnreachable(error)) plan(AGAIN_MS);
    }
  });
  useEffect(() => {
    const end = client.onAdministration(() => plan(GATHER_MS));
    return () => {
      clearTimeout(timer.current);
      end();
    };
  }, [client]);
  const isLive = connection.name === 'live';
  const isRefused = connection.name === 'refused';
  const wasLive = useRef(false);
  useEffect(() => {
    // Who does not belong here any more is told so, and sees nothing of it. What was done while nobody told is seen afterwards.
    if (isRefused || (isLive && wasLive.current)) plan(0);
    if (isLive) wasLive.current = true;
  }, [isLive, isRefused]);
  return null;
}
