import type { Drill, DrillOptions } from './fault-drill.ts';
import { restartBalancedNodes, stopRedisBehindBalancer } from './faults/balanced.ts';
import { cutLines, sleepPastBuffer, suspendVictims } from './faults/connections.ts';
import { fillRedis } from './faults/memory.ts';
import { killNode, killRelay, restartNodes, restartRedis, wipeRedis } from './faults/servers.ts';

const USUAL: DrillOptions = { clients: 50, rate: 20, seconds: 5, before: 5, after: 5 };
/** Clients on one line. */
const LINE_CLIENTS = 10;
const SLEEPERS = 5;
const SLOW_CLIENTS = 2;
const LIVE_MS = 1_000;
/** So that what a client leaves unread is more than the kernel takes for it. */
const LONG_NOTE = 1_900;
/** What counts as the same edit latency on a machine that does other things too. */
const NOISE_FACTOR = 2;
const NOISE_MS = 25;

/** Every fault that clients must get over without losing anything (R1.1, R4.1, R4.2). */
export const FAULT_DRILLS: readonly Drill[] = [
  {
    name: 'reconnect',
    options: { ...USUAL, clients: 100, seconds: 60 },
    victims: (clients) => ({ clients, lines: Math.ceil(clients / LINE_CLIENTS) }),
    fault: cutLines,
  },
  {
    name: 'sleep',
    options: { ...USUAL, seconds: 20 },
    system: { relaySettings: { STREAM_LENGTH: '1000' } },
    victims: () => ({ clients: SLEEPERS, lines: 1 }),
    fault: sleepPastBuffer,
    checks: ({ victimSnapshots }) => [
      { name: 'who slept past the buffer took a snapshot, once', holds: victimSnapshots === SLEEPERS },
    ],
  },
  {
    name: 'redis-full',
    options: { ...USUAL, seconds: 10 },
    victims: () => ({ clients: SLEEPERS, lines: 1 }),
    fault: fillRedis,
    checks: ({ victimSnapshots, phases: { during } }) => [
      { name: 'who was away for longer than is kept took a snapshot, once', holds: victimSnapshots === SLEEPERS },
      { name: 'edits went on: saved and shown within a second', holds: during.deliveries.p99 < LIVE_MS },
    ],
  },
  { name: 'redis-wipe', options: { ...USUAL, seconds: 3 }, fault: wipeRedis },
  { name: 'redis-restart', options: USUAL, fault: restartRedis },
  {
    name: 'relay-kill',
    options: USUAL,
    system: { hasStandby: true },
    fault: killRelay,
  },
  { name: 'node-kill', options: USUAL, fault: killNode },
  { name: 'rolling-restart', options: USUAL, fault: restartNodes },
  {
    name: 'balanced-rolling-restart',
    options: USUAL,
    system: { isBalanced: true },
    fault: restartBalancedNodes,
  },
  {
    name: 'balanced-redis-away',
    options: { ...USUAL, seconds: 120 },
    system: { isBalanced: true },
    fault: stopRedisBehindBalancer,
  },
  {
    name: 'slow-client',
    options: { ...USUAL, seconds: 30, before: 30, after: 30 },
    victims: () => ({ clients: SLOW_CLIENTS, lines: 0 }),
    noteLength: LONG_NOTE,
    fault: suspendVictims,
    checks: ({ phases: { before, during, after } }) => [
      {
        name: 'p99 of the others unchanged within noise while a client stood still',
        holds:
          during.edits.p99 <= Math.max(before.edits.p99, after.edits.p99) * NOISE_FACTOR + NOISE_MS &&
          during.deliveries.p99 <= Math.max(before.deliveries.p99, after.deliveries.p99) * NOISE_FACTOR + NOISE_MS,
      },
    ],
  },
];
