import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { isUnreachable } from '../../api/api.ts';
import { membersQuery } from '../../api/queries.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useConnection } from '../../sync/use-connection.ts';
import { ADMINISTRATION } from './administration-key.ts';
import { useRefreshMe } from './use-refresh-me.ts';

/** What comes in a row, as when many are invited, is looked up once. */
const GATHER_MS = 250;
/** Pages that show none of it look up who they are within this time, each at another moment: all hear of it at once. */
const SPREAD_MS = 2_000;
/** When it is tried again where the service did not answer. */
const AGAIN_MS = 5_000;

interface Timer {
  id: ReturnType<typeof setTimeout> | undefined;
}

/** Looks people and workspaces up anew when somebody has administered: names, roles and all that Verwaltung shows. */
export function AdministrationFollower() {
  const queryClient = useQueryClient();
  const { client, workspace } = useSync();
  const refreshMe = useRefreshMe();
  const connection = useConnection();
  const [timer] = useState<Timer>(() => ({ id: undefined }));
  /** Whether there was an answer. */
  const look = useEffectEvent(async (): Promise<boolean> => {
    void queryClient.invalidateQueries({ queryKey: ADMINISTRATION });
    void queryClient.invalidateQueries({ queryKey: membersQuery(workspace.id).queryKey });
    try {
      await refreshMe();
      return true;
    } catch (error) {
      console.warn('Who one is could not be looked up:', error);
      return !isUnreachable(error);
    }
  });
  useEffect(() => {
    const end = client.onAdministration(() => {
      const isShown = queryClient.getQueryCache().findAll({ queryKey: ADMINISTRATION, type: 'active' }).length > 0;
      plan(timer, isShown ? GATHER_MS : GATHER_MS + Math.random() * SPREAD_MS, () => look());
    });
    return () => {
      clearTimeout(timer.id);
      end();
    };
  }, [client, queryClient, timer]);
  const isLive = connection.name === 'live';
  const isRefused = connection.name === 'refused';
  const wasLive = useRef(false);
  useEffect(() => {
    // Who does not belong here any more is told so, and sees nothing of it. What was done while nobody told is seen afterwards.
    if (isRefused || (isLive && wasLive.current)) plan(timer, 0, () => look());
    if (isLive) wasLive.current = true;
  }, [isLive, isRefused, timer]);
  return null;
}

/** Looks after a while, in place of what was planned before; again and again until there is an answer. */
function plan(timer: Timer, afterMs: number, look: () => Promise<boolean>): void {
  clearTimeout(timer.id);
  const lookNow = async (): Promise<void> => {
    if (!(await look())) plan(timer, AGAIN_MS, look);
  };
  timer.id = setTimeout(() => void lookNow(), afterMs);
}
