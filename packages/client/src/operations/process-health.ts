import type { OperationsProcess } from '@meldesync/protocol';

/** How a process is, and how much that matters. */
export interface ProcessHealth {
  readonly state: 'live' | 'standby' | 'stale' | 'unusable' | 'silent';
  readonly tone: 'ok' | 'none' | 'warn' | 'bad';
  /** Since when it is silent; 0 while it is not. */
  readonly silentMs: number;
}

/** Processes tell of themselves every two seconds or so: one that has said nothing for so long is gone, or frozen. */
const SILENT_MS = 10_000;

/** Judges what a process says of itself, and that it says anything. `at` is when the service answered. */
export function processHealth(
  { seenAt, usable, live, role }: Pick<OperationsProcess, 'seenAt' | 'usable' | 'live' | 'role'>,
  at: string,
): ProcessHealth {
  const silentMs = Date.parse(at) - Date.parse(seenAt);
  if (silentMs > SILENT_MS) return { state: 'silent', tone: 'bad', silentMs };
  if (!usable) return { state: 'unusable', tone: 'bad', silentMs: 0 };
  // It is not the one that relays, and has nothing to be current about.
  if (role === 'standby') return { state: 'standby', tone: 'none', silentMs: 0 };
  return live ? { state: 'live', tone: 'ok', silentMs: 0 } : { state: 'stale', tone: 'warn', silentMs: 0 };
}
