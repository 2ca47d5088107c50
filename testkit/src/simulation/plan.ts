import type { SeededRandom } from './seeded-random.ts';

/** How many runs have a time without WebSockets: it is a long one. */
const WITHOUT_SOCKETS = 0.02;

/** The circumstances of one run, drawn from its seed: each has faults of its own, so that some are seen without others. */
export interface Plan {
  readonly nodes: number;
  readonly relays: number;
  readonly clients: number;
  readonly records: number;
  /** How long faults happen. */
  readonly troubleMs: number;
  /** Mean time between two faults, and between two edits or transactions of anyone. */
  readonly faultEveryMs: number;
  readonly editEveryMs: number;
  readonly writeEveryMs: number;
  /** Which faults happen, and how often each life ends at which await (`lives.ts`). */
  readonly faults: readonly string[];
  readonly crashing: 'node' | 'relay';
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

/** `faults` are the names of those that there are. */
export function drawPlan(random: SeededRandom, faults: readonly string[]): Plan {
  const maybe = (probability: number, value: number): number => (random.chance(probability) ? value : 0);
  const plan: Plan = {
    nodes: random.pick([1, 2, 2, 3]),
    relays: random.pick([1, 2]),
    clients: random.pick([1, 2, 2, 3, 4]),
    records: random.integer(3, 25),
    troubleMs: random.between(1_000, 6_000),
    faultEveryMs: random.pick([150, 500, 1_500]),
    editEveryMs: random.pick([100, 400, 1_500]),
    writeEveryMs: random.pick([150, 500, 2_000]),
    faults: faults.filter(() => random.chance(0.2)),
    crashing: random.pick(['node', 'relay']),
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
