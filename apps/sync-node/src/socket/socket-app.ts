import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';
import uws from 'uWebSockets.js';
import { createServer } from 'node:net';
import type { Topics } from '../core/client-socket.ts';

// The package is CommonJS, whose names Node cannot import one by one.
const { App, us_listen_socket_close, us_socket_local_port } = uws;

/** Sockets by topic, and in time a port. */
export interface SocketApp {
  readonly app: TemplatedApp;
  readonly topics: Topics;
  /** Rejects with the error of the system when that port, or that host, cannot be had. */
  listen(host: string, port: number): Promise<ListeningPort>;
  /** Ends every socket. What is published from then on goes to nobody. */
  close(): void;
}

interface ListeningPort {
  readonly port: number;
  /** Takes no more connections. */
  shut(): void;
}

/** Makes the app that sockets and HTTP are served from; it listens later. */
export function createSocketApp(): SocketApp {
  const app = App();
  // Its answers do not say what they were made by. Its types do not know of it.
  (uws as unknown as { _cfg(key: string): void })._cfg('silent');
  // What the feed still brings while the node stops has no one to go to, and uWS may not be asked any more.
  let isOpen = true;
  return {
    app,
    topics: {
      publish: (topic, text) => {
        if (isOpen) app.publish(topic, text);
      },
      count: (topic) => (isOpen ? app.numSubscribers(topic) : 0),
    },
    listen: async (host, port) => {
      const listening = await new Promise<us_listen_socket>((resolve, reject) => {
        app.listen(host, port, (socket) => {
          if (socket) resolve(socket);
          else void whyNot(host, port).then(reject);
        });
      });
      return { port: us_socket_local_port(listening), shut: () => us_listen_socket_close(listening) };
    },
    close: () => {
      isOpen = false;
      app.close();
    },
  };
}

/** Why uWS cannot listen, which does not tell: what the system says to who tries the same. */
function whyNot(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const attempt = createServer();
    attempt.once('error', resolve);
    attempt.listen({ host, port, exclusive: true }, () => {
      attempt.close(() => resolve(new Error(`cannot listen on port ${port}`)));
    });
  });
}
