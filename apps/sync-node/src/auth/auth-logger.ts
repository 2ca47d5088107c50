import type { Logger } from '@meldesync/telemetry';
import type { BetterAuthOptions } from 'better-auth';

/**
 * Where Better Auth reports to. Only that it did, and how bad it is: its messages and their arguments are statements with
 * their parameters, session tokens and e-mail addresses among them. Without a logger it reports nowhere.
 */
export function authLogger(logger: Logger | undefined): NonNullable<BetterAuthOptions['logger']> {
  if (!logger) return { disabled: true };
  return { log: (level) => logger[level]('Better Auth reported a problem; what it says may hold credentials') };
}
