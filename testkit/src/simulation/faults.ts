import type { SimFault } from './fault.ts';
import * as clients from './faults/clients.ts';
import * as lines from './faults/lines.ts';
import * as postgres from './faults/postgres.ts';
import * as processes from './faults/processes.ts';
import * as redis from './faults/redis.ts';

/*
 * What may go wrong where, and why nothing else may:
 *
 * | part | may | may not |
 * |---|---|---|
 * | WebSocket (TCP) | not come about for minutes, be slow, stand still, break with or without a word and lose what was on its way | lose, repeat or reorder a message in the middle |
 * | HTTP | fail before or after the node answered, hang, be asked twice by a proxy, reach any node | – |
 * | line of a node or relay to Redis or Postgres (TCP) | be late, fall silent for a while: short, and what was on its way comes later; long, and it is lost with its connection | lose or reorder a message in the middle |
 * | bus (Redis' channels) | drop messages with or without breaking the subscription, be late, repeat what is appended again | reorder what one subscriber gets: it is one connection |
 * | stream (Redis) | be trimmed, lose its newest entries (failover, backup) or any, lose everything, take nothing in | change or reorder entries |
 * | Postgres | fail an edit for a moment, carried out or not, be gone or stand still, show a commit a moment later than the log does, lose the replication slot, lose what nobody was told of (failover) or more (backup), hold what no trigger saw | hand the log out in another order, hide a commit for longer than stream and log reach back |
 * | node, relay | die at any moment and at any await, be stopped, stand still, have a wrong clock | forget to read on from the stream |
 * | client | stand still, be stopped, reload its data, reconnect, have a wrong clock | – |
 *
 * Left out: locks (nobody holds any), what a client keeps beyond its life, signing out and roles, and all of the HTTP API
 * but pages, edits and who is signed in. The client's own tests have models of locks, copies and kept edits.
 *
 * Messages of different connections overtake each other freely: that is where what looks like reordering comes from.
 */

/** Every fault, by name. */
export const FAULTS: readonly SimFault[] = [
  { name: 'client-cut', cause: clients.cut },
  { name: 'client-stalled', cause: clients.stall },
  { name: 'client-frozen', cause: clients.freeze },
  { name: 'client-reloaded', cause: clients.reload },
  { name: 'buttons-pressed', cause: clients.pressButtons },
  { name: 'half-open-client-node', cause: clients.breakSilently },
  { name: 'node-killed', cause: processes.killNode },
  { name: 'nodes-killed', cause: processes.killNodes, oneIn: 4 },
  { name: 'node-stopped', cause: processes.stopNode },
  { name: 'node-paused', cause: processes.pauseNode },
  { name: 'relay-killed', cause: processes.killRelay },
  { name: 'relays-killed', cause: processes.killRelays, oneIn: 4 },
  { name: 'relay-frozen', cause: processes.freezeRelay },
  { name: 'clock-stepped', cause: processes.stepClock },
  { name: 'redis-killed', cause: redis.kill, oneIn: 4 },
  { name: 'redis-paused', cause: redis.pause },
  { name: 'redis-emptied', cause: redis.empty },
  { name: 'redis-trimmed', cause: redis.trim },
  { name: 'redis-trimmed-to-nothing', cause: redis.trimAll },
  { name: 'redis-last-entry-deleted', cause: redis.deleteNewest },
  { name: 'redis-entry-deleted', cause: redis.deleteWithin },
  { name: 'redis-restored-stale', cause: redis.restoreStale, oneIn: 2 },
  { name: 'redis-full', cause: redis.fill },
  { name: 'redis-failed-over', cause: redis.failOver, oneIn: 2 },
  { name: 'redis-away', cause: redis.goAway },
  { name: 'subscription-broken', cause: redis.breakSubscription },
  { name: 'subscriptions-cut', cause: redis.cutSubscriptions, oneIn: 2 },
  { name: 'postgres-killed', cause: postgres.kill, oneIn: 2 },
  { name: 'postgres-paused', cause: postgres.pause },
  { name: 'postgres-restarted', cause: postgres.restart, oneIn: 2 },
  { name: 'postgres-connections-ended', cause: postgres.endConnections },
  { name: 'postgres-failed-over', cause: postgres.failOver, oneIn: 4 },
  { name: 'postgres-restored', cause: postgres.restore, oneIn: 6 },
  { name: 'slot-dropped', cause: postgres.dropSlot, oneIn: 3 },
  { name: 'triggers-bypassed', cause: postgres.bypassTriggers },
  { name: 'latency', cause: lines.latency },
  { name: 'loss', cause: lines.loss },
  { name: 'half-open-node-redis', cause: lines.nodeRedis },
  { name: 'half-open-relay-redis', cause: lines.relayRedis },
  { name: 'half-open-node-postgres', cause: lines.nodePostgres },
  { name: 'half-open-relay-postgres', cause: lines.relayPostgres },
];
