import type { SeededRandom } from './seeded-random.ts';

/*
 * What may go wrong where, and why nothing else may:
 *
 * | part | may | may not |
 * |---|---|---|
 * | WebSocket (TCP) | not come about for minutes, be slow, stand still, break with or without a word and lose what was on its way | lose, repeat or reorder a message in the middle |
 * | HTTP | fail before or after the node answered, hang, be asked twice by a proxy, reach any node | – |
 * | bus (Redis' channels) | drop messages with or without breaking the subscription, be late, repeat what is appended again | reorder what one subscriber gets: it is one connection |
 * | stream (Redis) | be trimmed, lose its newest entries (failover), lose everything | change or reorder entries |
 * | Postgres | fail an edit for a moment, carried out or not, show a commit a moment later than the log does, lose the replication slot | lose a commit, hand the log out in another order, hide a commit for longer than stream and log reach back |
 * | node, relay | die at any moment, be stopped, stand still | forget to read on from the stream |
 * | client | stand still, be stopped, reload its data, reconnect | – |
 *
 * Left out: locks (nobody holds any), what a client keeps beyond its life, signing out and roles, and all of the HTTP API
 * but pages, edits and who is signed in. The client's own tests have models of locks, copies and kept edits.
 *
 * Messages of different connections overtake each other freely: that is where what looks like reordering comes from.
 */

/** Everything that can be done to the world, by name. */
const FAULTS = [
  'cut',
  'break-silently',
  'stall',
  'freeze-client',
  'reload-client',
  'press-buttons',
  'kill-node',
  'stop-node',
  'freeze-node',
  'kill-relay',
  'trim-stream',
  'wipe-redis',
  'lose-newest',
  'redis-away',
  'break-subscription',
  'lose-slot',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How many runs have a time without WebSockets: it is a long one. */
const WITHOUT_SOCKETS = 0.04;

/** The circumstances of one run, drawn from its seed: each has faults of its own, so that some are seen without others. */
export interface Plan {
  readonly nodes: number;
  readonly clients: number;
  readonly records: number;
  /** How long faults happen. */
  readonly troubleMs: number;
  /** Mean time between two faults, and between two edits or transactions of anyone. */
  readonly faultEveryMs: number;
  readonly editEveryMs: number;
  readonly writeEveryMs: number;
  readonly faults: readonly Fault[];
  readonly bus: { readonly drop: number; readonly repeat: number; readonly delay: number; readonly maxDelayMs: number };
  readonly http: { readonly fail: number; readonly hang: number; readonly refuse: number; readonly repeat: number };
  readonly database: { readonly overdue: number };
  readonly streamLength: number;
  readonly frameChanges: number;
  readonly pageRecords: number;
  readonly maxVisibilityMs: number;
  readonly holdBackMs: number;
  readonly byteWeight: number;
  /** Of a client's way: some are far away, some slow. */
  readonly slowClients: number;
  /** From then on until the trouble is over no WebSocket comes about; null when they always do. */
  readonly socketsUntilMs: number | null;
}

export function drawPlan(random: SeededRandom): Plan {
  const maybe = (probability: number, value: number): number => (random.chance(probability) ? value : 0);
  const plan: Plan = {
    nodes: random.pick([1, 2, 2, 3]),
    clients: random.pick([2, 2, 3, 4, 6]),
    records: random.integer(3, 25),
    troubleMs: random.between(2_000, 9_000),
    faultEveryMs: random.pick([150, 500, 1_500]),
    editEveryMs: random.pick([100, 400, 1_500]),
    writeEveryMs: random.pick([150, 500, 2_000]),
    faults: FAULTS.filter(() => random.chance(0.4)),
    bus: {
      drop: maybe(0.4, random.pick([0.02, 0.2, 0.6])),
      repeat: maybe(0.3, 0.1),
      delay: maybe(0.4, 0.3),
      maxDelayMs: random.pick([20, 300, 3_000]),
    },
    http: {
      fail: maybe(0.4, 0.15),
      hang: maybe(0.2, 0.03),
      refuse: maybe(0.3, 0.1),
      repeat: maybe(0.3, 0.2),
    },
    streamLength: random.pick([10, 30, 100, 1_000]),
    frameChanges: random.pick([1, 5, 50]),
    pageRecords: random.pick([2, 7, 100]),
    maxVisibilityMs: random.pick([1, 20, 200]),
    holdBackMs: random.pick([2_000, 10_000, 60_000]),
    byteWeight: random.pick([1, 20, 150]),
    slowClients: random.pick([0, 0.3, 0.8]),
    database: { overdue: maybe(0.3, random.pick([0.05, 0.4])) },
    socketsUntilMs: null,
  };
  return random.chance(WITHOUT_SOCKETS) ? withoutSockets(plan, random) : plan;
}

/** The same without WebSockets for so long that clients become manual; things happen further apart, or it would take long. */
function withoutSockets(plan: Plan, random: SeededRandom): Plan {
  return {
    ...plan,
    socketsUntilMs: random.between(0, 5_000),
    troubleMs: random.between(80_000, 140_000),
    faultEveryMs: plan.faultEveryMs * 10,
    editEveryMs: plan.editEveryMs * 10,
    writeEveryMs: plan.writeEveryMs * 10,
  };
}
