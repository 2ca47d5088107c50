import type { Context } from 'hono';
import type { Identity } from '../../core/identity.ts';
import type { ApiEnv } from '../api-context.ts';
import { ApiError } from '../problems.ts';

/** The person who asks; a program is refused. */
export function personIn(c: Context<ApiEnv>): Identity {
  const identity = c.get('identity');
  if (identity.kind === 'service') throw new ApiError('forbidden');
  return identity;
}
