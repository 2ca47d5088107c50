import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useSync } from '../../sync/sync-context.tsx';
import { type Attendance, createAttendance } from './attendance.ts';
import { type Attending, createAttending } from './attending.ts';

interface PresenceDesk {
  readonly attendance: Attendance;
  readonly attending: Attending;
}

const PresenceContext = createContext<PresenceDesk | null>(null);

/** Knows who has what open, once for all the rows that show it, and says what this window has open. */
export function PresenceProvider({ children }: { children: ReactNode }) {
  const { client } = useSync();
  const desk = useMemo(
    () => ({ attendance: createAttendance(client.presence), attending: createAttending(client) }),
    [client],
  );
  return <PresenceContext value={desk}>{children}</PresenceContext>;
}

export function usePresenceDesk(): PresenceDesk {
  const desk = useContext(PresenceContext);
  if (!desk) throw new Error('usePresenceDesk is used outside of a PresenceProvider');
  return desk;
}

/** Shows the others that this person has the case open, for as long as the component is there. */
export function useAttend(records: readonly { readonly id: number }[]): void {
  const { attending } = usePresenceDesk();
  const key = records.map(({ id }) => id).join();
  useEffect(() => attending.open(key === '' ? [] : key.split(',').map(Number)), [attending, key]);
}
