import type { Context, MiddlewareHandler } from 'hono';
import { addressOf } from '../auth/address-of.ts';
import type { FairGate } from '../budgets/fair-gate.ts';
import { costOfRead, type NodeBudgets } from '../budgets/node-budgets.ts';
import { shareOfAddress } from '../budgets/share-of-address.ts';
import type { ApiEnv } from './api-context.ts';

const READING = new Set(['GET', 'HEAD']);
/** Reads as well: their filters are in a body, since a case id must not be in an address. */
const READING_BY_POST = /\/(?:audit\/[a-z]+|record-lookups)$/;
/** What is made once for all who ask meanwhile: who waits for it keeps no connection. */
const SHARED = /\/(?:frames|checksum)$/;
/** Read from Redis and from what the node knows: it keeps no connection to Postgres, and is asked for most when something is slow. */
const OPERATIONS = /\/operations$/;

/** Has what is asked for take its turn among what the same person asks for. Behind whatever finds out who that is. */
export function withinBudget(budgets: NodeBudgets): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { userId } = c.get('identity');
    const gate = gateOf(c, budgets);
    if (gate) await gate.run(userId, next, (tookMs) => costOf(c, tookMs));
    else await budgets.acts.run(userId, next);
  };
}

/** Milliseconds. Where the service failed nobody has used anything up, and what others were given as well costs who it was made for. */
function costOf(c: Context<ApiEnv>, tookMs: number): number {
  if (c.res.status >= 500) return 0;
  return costOfRead(c.get('madeInMs') ?? tookMs);
}

/** Undefined for what does not read alone. */
function gateOf({ req }: Context<ApiEnv>, { reads, shared }: NodeBudgets): FairGate | undefined {
  const { method, path } = req;
  if (method === 'POST') return READING_BY_POST.test(path) ? reads : undefined;
  if (!READING.has(method) || OPERATIONS.test(path)) return undefined;
  return SHARED.test(path) ? shared : reads;
}

/** Resolves when it is the turn of a request of somebody who is not signed in; throws `rate-limited` where their address asks for too much. */
export function strangersTurn(gate: FairGate, headers: Headers): Promise<void> {
  return gate.run(shareOfAddress(addressOf(headers) ?? ''), () => Promise.resolve());
}
