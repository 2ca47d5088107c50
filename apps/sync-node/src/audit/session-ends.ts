import { type Database, endExpiredSessions, type SessionRules } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { NodeRuntime } from '../runtime.ts';

const INTERVAL_MS = 60_000;

export interface SessionEndsOptions {
  readonly database: Database;
  readonly rules: SessionRules;
  readonly runtime: Pick<NodeRuntime, 'every'>;
  readonly logger: Logger;
  readonly intervalMs?: number;
}

/** Puts on record that sessions have ended whose time is over, soon after it is, by whichever node comes first. */
export function watchSessionEnds({ database, rules, runtime, logger, intervalMs }: SessionEndsOptions): Disposable {
  const timer = runtime.every(intervalMs ?? INTERVAL_MS, () => {
    endExpiredSessions(database, rules).catch((error: unknown) => logger.event('sessions-not-ended', { err: error }));
  });
  return { [Symbol.dispose]: () => timer.cancel() };
}
