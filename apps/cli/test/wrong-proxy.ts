import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy before a node that is set up as one should not be. */
export interface WrongProxy extends AsyncDisposable {
  readonly url: string;
}

/**
 * Hands requests on, and no upgrade: that of a WebSocket becomes an ordinary request, as with a proxy that knows nothing of them.
 * `headers` go over those of each answer.
 */
export async function startWrongProxy(target: string, headers: IncomingHttpHeaders = {}): Promise<WrongProxy> {
  const server = createServer((incoming, answer) => {
    const { connection: _connection, upgrade: _upgrade, ...passed } = incoming.headers;
    const outgoing = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: passed });
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...headers });
      response.pipe(answer);
    });
    // The node takes it for one by its key; a proxy that expects no such answer makes an error of it.
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      answer.writeHead(502).end();
    });
    outgoing.on('error', () => answer.writeHead(502).end());
    // A request for an upgrade never ends, as far as Node is concerned.
    if (incoming.method === 'GET') outgoing.end();
    else incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
