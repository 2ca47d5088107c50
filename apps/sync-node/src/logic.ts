/*
 * The parts of a node that decide what its clients get, without uWebSockets.js, Postgres and Redis below them: the
 * simulation puts them together as app.ts does, over a network, a database and a bus of its own.
 */
export { type FeedFacts, Feeds } from './feed/feeds.ts';
export { FramePages } from './frames/frame-pages.ts';
export { NodeLocks } from './locks/node-locks.ts';
export { NodePresence } from './presence/node-presence.ts';
export { Session } from './session/session.ts';
export type { SessionData } from './session/session-data.ts';
export type { SessionTransport } from './session/session-transport.ts';
export { Sessions } from './session/sessions.ts';
export { SharedRoles } from './session/shared-roles.ts';
export { SnapshotPages } from './snapshot/snapshot-pages.ts';
