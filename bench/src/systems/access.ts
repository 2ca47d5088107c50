import type { SyncClientOptions } from '@meldesync/client';
import { WebSocket } from 'ws';

/** How a program without a browser reaches a node: with a bearer token on every request and on the WebSocket. */
export function tokenAccess(
  baseUrl: string,
  token: string,
): Pick<SyncClientOptions, 'baseUrl' | 'fetch' | 'openSocket'> {
  const authorization = `Bearer ${token}`;
  return {
    baseUrl,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', authorization);
      return fetch(input, { ...init, headers });
    },
    openSocket: (url, subprotocol) => new WebSocket(url, subprotocol, { headers: { authorization } }),
  };
}
