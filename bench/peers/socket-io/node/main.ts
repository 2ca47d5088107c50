import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { serveCalls } from '../../../src/processes/remote.ts';
import { connectAdapter, ROOM } from '../adapter.ts';

const handlers = {
  /** Serves clients on a free port; every one joins the room. Resolves with the origin. */
  listen: async ({ redisUrl }: { redisUrl: string }): Promise<string> => {
    const http = createServer();
    const io = new Server(http, {
      adapter: await connectAdapter(redisUrl),
      transports: ['websocket'],
      serveClient: false,
    });
    io.on('connection', (socket) => {
      void socket.join(ROOM);
    });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    const address = http.address();
    if (typeof address !== 'object' || !address) throw new Error('no port was assigned');
    return `http://127.0.0.1:${address.port}`;
  },
};
export type SocketIoNode = typeof handlers;

serveCalls(handlers);
