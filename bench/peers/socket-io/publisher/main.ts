import type { Frame } from '@meldesync/protocol';
import { Server } from 'socket.io';
import { serveCalls } from '../../../src/processes/remote.ts';
import { connectAdapter, EVENT, ROOM } from '../adapter.ts';

let io: Server | undefined;

const handlers = {
  connect: async ({ redisUrl }: { redisUrl: string }): Promise<void> => {
    io = new Server({ adapter: await connectAdapter(redisUrl) });
  },

  /** Sends a frame to the room, on all nodes. */
  emit: async (frame: Frame): Promise<void> => {
    io?.to(ROOM).emit(EVENT, [frame]);
  },
};
export type SocketIoPublisher = typeof handlers;

serveCalls(handlers);
