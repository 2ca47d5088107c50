import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** A node that loses messages, as everybody behind it sees it. */
export interface DroppingProxy extends AsyncDisposable {
  readonly url: string;
  /** Messages of nodes that were lost. */
  readonly dropped: number;
}

/**
 * Stands before a node, passes everything on, and drops every so-manieth message that a node sends over its WebSockets, all of them
 * counted together. 0 drops none.
 * @param target origin of the node
 */
export async function startDroppingProxy(target: string, dropEvery: number): Promise<DroppingProxy> {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((incoming, response) => passOn(target, incoming, response));
  let messages = 0;
  let dropped = 0;
  const isDropped = (): boolean => {
    messages++;
    if (dropEvery === 0 || messages % dropEvery !== 0) return false;
    dropped++;
    return true;
  };
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.handleUpgrade(incoming, socket, head, (client) => join(target, incoming, client, isDropped));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get dropped() {
      return dropped;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function passOn(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const outgoing = request(
    `${target}${incoming.url}`,
    { method: incoming.method, headers: incoming.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}

function join(target: string, { url, headers }: IncomingMessage, client: WebSocket, isDropped: () => boolean): void {
  const { authorization = '' } = headers;
  const node = new WebSocket(`${target.replace(/^http/, 'ws')}${url}`, client.protocol, { headers: { authorization } });
  const early: string[] = [];
  client.on('message', (data) => {
    if (node.readyState === WebSocket.CONNECTING) early.push(textOf(data));
    else if (node.readyState === WebSocket.OPEN) node.send(textOf(data));
  });
  node.on('open', () => {
    for (const text of early) node.send(text);
  });
  node.on('message', (data) => {
    if (!isDropped()) client.send(textOf(data));
  });
  client.on('close', () => node.close());
  node.on('close', (code, reason) => {
    // 1005 and 1006 are never sent: there was no close to pass on.
    if (code === 1005 || code === 1006) client.terminate();
    else client.close(code, reason);
  });
  node.on('error', () => client.terminate());
  client.on('error', () => node.terminate());
}

/** Messages of the protocol are texts, and `ws` hands out each in one buffer. */
function textOf(data: RawData): string {
  return (data as Buffer).toString('utf8');
}
