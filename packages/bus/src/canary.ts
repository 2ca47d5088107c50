import { parseJson } from '@meldesync/protocol';

/** What went through Postgres and its log, as the relay passes it on: whoever hears it is as far as that. */
export interface Canary {
  /** How long it took from Postgres to the relay, in milliseconds. */
  readonly transitMs: number;
}

export function encodeCanary(canary: Canary): string {
  return JSON.stringify(canary);
}

/** Undefined when the message is none. */
export function decodeCanary(message: string): Canary | undefined {
  const value = parseJson(message);
  if (typeof value !== 'object' || value === null || !('transitMs' in value)) return undefined;
  const { transitMs } = value;
  return typeof transitMs === 'number' && transitMs >= 0 ? { transitMs } : undefined;
}
