/*
 * The part of a node that decides, without uWebSockets.js, Postgres and Redis below it: the simulation stands it on a network,
 * a database and a bus of its own.
 */

export type { ClientSocket, SocketEvents, Topics } from './core/client-socket.ts';
export { UNLIMITED } from './core/identity.ts';
export { CLOSE_GRACE_MS, IDLE_TIMEOUT_MS, MAX_UNREAD_BYTES } from './core/limits.ts';
export { type BusListener, NodeCore } from './core/node-core.ts';
export type { NodeDatabase } from './core/node-database.ts';
export { stopServing } from './core/stop.ts';
export type { NodeRuntime } from './runtime.ts';
