import type { Logger } from './logger.ts';

/** What a process is connected to. */
type ConnectedTo = 'Postgres' | 'Redis';

/**
 * Makes who hears of the end of connections: each is logged with what it led to and what it is for, since a process has several
 * and some come back by themselves while others hold something up.
 */
export function logBrokenConnections(
  logger: Pick<Logger, 'event'>,
): (to: ConnectedTo, purpose: string) => (error: Error) => void {
  return (to, purpose) => (error) => logger.event('connection-broke', { err: error, to, purpose });
}
