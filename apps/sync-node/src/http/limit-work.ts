import type { MiddlewareHandler } from 'hono';
import type { Limits } from '../limits/limits.ts';
import type { ApiEnv } from './api-context.ts';

/** What one person may do so often and so much at a time: it takes more of everybody's time than other requests. */
export function limitWork(
  { limits }: { readonly limits: Limits },
  rate: 'exports' | 'uploads',
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const account = `user:${c.get('identity').userId}`;
    await limits.rates.ofAccount(rate, account);
    const leave = limits.rates.occupy(rate, account);
    try {
      await next();
    } finally {
      leave();
    }
  };
}
