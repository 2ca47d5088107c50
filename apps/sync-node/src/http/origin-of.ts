import type { Origin } from '@meldesync/db';
import type { Context } from 'hono';
import { addressOf } from '../auth/address-of.ts';
import type { ApiEnv } from './api-context.ts';

/** Where a request comes from, as the trail names it. */
export function originOf(c: Context<ApiEnv>): Origin {
  return { sessionId: c.get('identity').sessionId, address: addressOf(c.req.raw.headers) };
}
