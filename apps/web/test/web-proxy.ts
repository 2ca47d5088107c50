import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * A forward proxy as hospitals have them: pages pass as requests, WebSockets as tunnels (RFC 9110 §9.3.6). A test can
 * forbid tunnels, which leaves a page without its WebSocket, or cut everything.
 */
export interface WebProxy extends AsyncDisposable {
  /** For `proxy` of a browser context. */
  readonly server: string;
  /** Ends all tunnels and lets no further one through. */
  forbidTunnels(): void;
  allowTunnels(): void;
  /** Ends everything and lets nothing through: the cable is pulled. */
  cut(): void;
  /** Everything passes again. */
  restore(): void;
  /** Paths that were asked for, in their order. */
  readonly requested: readonly string[];
}

export async function startWebProxy(): Promise<WebProxy> {
  const tunnels = new Set<Duplex>();
  const sockets = new Set<Socket>();
  const requested: string[] = [];
  let isForbidden = false;
  let isCut = false;

  const forward = (incoming: IncomingMessage, answer: ServerResponse): void => {
    requested.push(new URL(incoming.url ?? '').pathname);
    const outgoing = request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers });
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  };
  const tunnel = ({ url = '' }: IncomingMessage, client: Duplex): void => {
    client.on('error', () => client.destroy());
    if (isForbidden) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const server = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(server);
      server.pipe(client);
    });
    tunnels.add(client);
    const end = (): void => {
      tunnels.delete(client);
      client.destroy();
      server.destroy();
    };
    client.on('close', end);
    server.on('close', end);
    server.on('error', end);
  };

  const proxy = createServer(forward);
  proxy.on('connect', tunnel);
  proxy.on('connection', (socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    server: `http://127.0.0.1:${address.port}`,
    requested,
    forbidTunnels() {
      isForbidden = true;
      for (const client of tunnels) client.destroy();
    },
    allowTunnels() {
      isForbidden = false;
    },
    cut() {
      isCut = true;
      for (const client of tunnels) client.destroy();
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      isCut = false;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        proxy.close(resolve);
      });
    },
  };
}
