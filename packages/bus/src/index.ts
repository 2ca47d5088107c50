export type { BusFrame, BusRange, FrameWay } from './bus-message.ts';
export { BusUnavailableError } from './bus-unavailable.ts';
export { connectRedis, type RedisConnection, type RedisOptions } from './connection.ts';
export * from './feed-publisher.ts';
export * from './feed-reader.ts';
export { feedKeys } from './keys.ts';
export * from './notice-publisher.ts';
export * from './presence-board.ts';
export * from './require-redis.ts';
