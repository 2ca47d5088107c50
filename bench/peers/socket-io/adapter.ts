import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import type { ServerOptions } from 'socket.io';

/** The room of all clients. */
export const ROOM = 'team';
/** The event that carries a list of frames. */
export const EVENT = 'frames';

/** Socket.IO's adapter for Redis streams, as its README sets it up. */
export async function connectAdapter(redisUrl: string): Promise<NonNullable<ServerOptions['adapter']>> {
  const redis = new Redis(redisUrl);
  redis.on('error', (error) => {
    throw error;
  });
  await redis.ping();
  return createAdapter(redis);
}
