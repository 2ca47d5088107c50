import { connect, createServer, type Socket } from 'node:net';
import { freePort } from '../free-port.ts';

/** Stands before a node, as a proxy that logs addresses does. */
export interface RequestTap extends AsyncDisposable {
  /** Origin under which the node is reached. */
  readonly url: string;
  /** What was asked for, as it stood in each request: path and query. */
  readonly targets: readonly string[];
  /** Ends all connections without a word; new ones pass. */
  cut(): void;
}

const REQUEST_LINE = /^[A-Z]+ (\S+) HTTP\/1\.1\r$/gm;

/** Makes one before a port of this machine. */
export async function startRequestTap(to: number): Promise<RequestTap> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const node = connect(to, '127.0.0.1');
    for (const socket of [client, node]) {
      sockets.add(socket);
      // The other side is told by the end of this one.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      for (const [, target = ''] of data.toString('latin1').matchAll(REQUEST_LINE)) targets.push(target);
    });
    client.pipe(node).pipe(client);
    client.on('close', () => node.destroy());
    node.on('close', () => client.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
