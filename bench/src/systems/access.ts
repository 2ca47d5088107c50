import type { SyncClientOptions } from '@meldesync/client';
import { WebSocket } from 'ws';

/**
 * How a program without a browser reaches a node: with a bearer token on every request and on the WebSocket. `limitMs` is how long a
 * request may take: nothing else ends one on a line that swallows it.
 */
export function tokenAccess(
  baseUrl: string,
  token: string,
  limitMs?: number,
): Pick<SyncClientOptions, 'baseUrl' | 'fetch' | 'openSocket'> {
  const authorization = `Bearer ${token}`;
  return {
    baseUrl,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', authorization);
      if (limitMs === undefined) return fetch(input, { ...init, headers });
      const limit = AbortSignal.timeout(limitMs);
      return fetch(input, { ...init, headers, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
    },
    openSocket: (url, subprotocol) => new WebSocket(url, subprotocol, { headers: { authorization } }),
  };
}
