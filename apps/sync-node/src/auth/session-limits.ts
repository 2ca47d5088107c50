import type { SessionRules } from '@meldesync/db';
import type { NodeConfig } from '../config.ts';
import { type SessionKeys, sessionKeys } from './session-tokens.ts';

/** The keys of the configuration, and how long sessions last by it. */
export function sessionRules(config: Pick<NodeConfig, 'authSecret' | 'previousAuthSecrets' | 'sessionLimits'>): {
  readonly keys: SessionKeys;
  readonly rules: SessionRules;
} {
  const keys = sessionKeys(config.authSecret, config.previousAuthSecrets);
  return { keys, rules: { ...config.sessionLimits, keyIds: keys.map(({ id }) => id) } };
}
