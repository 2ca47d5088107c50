import { API_PREFIX } from '@meldesync/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { addressOf } from '../auth/address-of.ts';
import type { FairGate } from '../budgets/fair-gate.ts';
import type { NodeBudgets } from '../budgets/node-budgets.ts';
import { shareOfAddress } from '../budgets/share-of-address.ts';
import type { ApiEnv } from './api-context.ts';

const READING = new Set(['GET', 'HEAD']);
/** Reads as well: their filters are in a body, since a case id must not be in an address. */
const READING_BY_POST = /\/audit\/[a-z]+$/;
const PULL = /\/frames$/;

/** Has what reads take its turn among what the same person asks for. Behind whatever finds out who that is. */
export function withinBudget(budgets: NodeBudgets): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const gate = gateOf(c, budgets);
    if (!gate) return next();
    // Where the service failed nobody has used anything up, however long it took.
    await gate.run(c.get('identity').userId, next, () => c.res.status < 500);
    return undefined;
  };
}

function gateOf({ req }: Context<ApiEnv>, { reads, pulls }: NodeBudgets): FairGate | undefined {
  const { method, path } = req;
  if (!path.startsWith(API_PREFIX)) return undefined;
  if (method === 'POST') return READING_BY_POST.test(path) ? reads : undefined;
  if (!READING.has(method)) return undefined;
  return PULL.test(path) ? pulls : reads;
}

/** Resolves when it is the turn of a request of somebody who is not signed in; throws `rate-limited` where their address asks for too much. */
export function strangersTurn(gate: FairGate, headers: Headers): Promise<void> {
  return gate.run(shareOfAddress(addressOf(headers) ?? ''), () => Promise.resolve());
}
