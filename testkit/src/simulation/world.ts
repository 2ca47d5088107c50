import { BLANK_CONTENT, EDITABLE_FIELDS, isOfKind, type RecordPatch } from '@meldesync/domain';
import { drawPlan, type Plan } from './faults.ts';
import { createTampering, type Sabotage } from './sabotage.ts';
import type { Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimClient } from './sim-client.ts';
import { SimDatabase, type Write } from './sim-database.ts';
import { type LinkQuality, SimNetwork } from './sim-network.ts';
import { SimNode } from './sim-node.ts';
import { SimRedis } from './sim-redis.ts';
import { SimRelay } from './sim-relay.ts';
import { describeMessage } from './trace.ts';

const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';

export interface WorldOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly sabotage: Sabotage | undefined;
  readonly violated: (what: string) => void;
  readonly say: (what: string) => void;
  readonly isTraced: boolean;
}

/** Everything that a run consists of, put together, and what can be done to it. */
export class World {
  readonly plan: Plan;
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  readonly network: SimNetwork;
  readonly nodes = new Set<SimNode>();
  readonly clients = new Set<SimClient>();
  /** Those that were stopped. */
  readonly gone: SimClient[] = [];
  relay: SimRelay;
  readonly #options: WorldOptions;
  readonly #random: SeededRandom;
  #names = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { scheduler, random, sabotage } = options;
    this.#random = random.fork();
    this.plan = drawPlan(random.fork());
    const { plan } = this;
    this.database = new SimDatabase({ scheduler, random: random.fork(), workspace: WORKSPACE, sabotage, ...plan });
    this.redis = new SimRedis({
      scheduler,
      random: random.fork(),
      workspace: WORKSPACE,
      streamLength: plan.streamLength,
      tamper: createTampering(sabotage),
    });
    const { say, isTraced } = options;
    this.network = new SimNetwork({
      scheduler,
      random: random.fork(),
      nodes: this.nodes,
      onMessage: isTraced
        ? (client, node, way, text) => say(`${client} ${way} ${node}  ${describeMessage(text)}`)
        : undefined,
      violated: options.violated,
    });
    this.relay = this.#startRelay();
    this.write(this.#inserts(plan.records));
    for (let count = 0; count < plan.nodes; count++) this.startNode();
    for (let count = 0; count < plan.clients; count++) this.startClient();
  }

  startNode(): void {
    const { scheduler, random, violated, say } = this.#options;
    const process = scheduler.process(`node-${++this.#names}`);
    scheduler.after(0, process, () => {
      const node = new SimNode({
        scheduler,
        random: random.fork(),
        workspace: WORKSPACE,
        database: this.database,
        redis: this.redis,
        byteWeight: this.plan.byteWeight,
        onError: (what) => violated(`${process.name}: ${what}`),
      });
      this.nodes.add(node);
      say(`${process.name} is up`);
    });
  }

  startClient(): void {
    const { scheduler, random, violated, say } = this.#options;
    const client = new SimClient({
      scheduler,
      random: random.fork(),
      workspace: WORKSPACE,
      name: `client-${++this.#names}`,
      database: this.database,
      network: this.network,
      redis: this.redis,
      link: this.#drawLink(),
      violated,
      say,
    });
    this.clients.add(client);
    client.start();
  }

  stopClient(client: SimClient): void {
    this.clients.delete(client);
    this.gone.push(client);
    this.#options.scheduler.after(0, client.process, () => client.client.stop());
  }

  /** Another relay takes over. */
  replaceRelay(): void {
    this.relay.process.isAlive = false;
    this.relay = this.#startRelay();
  }

  /** Transactions of other programs: mostly small, now and then large. */
  writeSomething(): void {
    const random = this.#random;
    const ids = [...this.database.records.keys()];
    if (random.chance(0.02)) {
      this.write([...this.#inserts(random.integer(20, 60)), ...ids.map((id) => this.#update(id))]);
    } else if (random.chance(0.1)) {
      this.write(this.#inserts(random.integer(1, 4)));
    } else if (ids.length > 3 && random.chance(0.15 + ids.length / 200)) {
      const few = Math.min(ids.length - 3, ids.length > 100 ? 50 : 2);
      this.write(ids.slice(0, few).map((record) => ({ record, op: 'delete', set: {} })));
    } else if (ids.length > 0) {
      const chosen = new Set(Array.from({ length: random.integer(1, 4) }, () => random.pick(ids)));
      this.write([...chosen].map((id) => this.#update(id)));
    }
  }

  write(writes: readonly Write[]): void {
    void this.database.write(writes, { by: 'db:import', via: 'import' });
  }

  #startRelay(): SimRelay {
    const { scheduler, random, say } = this.#options;
    const { database, redis, plan } = this;
    const name = `relay-${++this.#names}`;
    return new SimRelay(name, {
      scheduler,
      random: random.fork(),
      database,
      redis,
      holdBackMs: plan.holdBackMs,
      onPass: (reason) => say(`${name} begins a pass: ${reason}`),
    });
  }

  #drawLink(): LinkQuality {
    const random = this.#random;
    if (!random.chance(this.plan.slowClients)) return { latencyMs: [0.5, 5], bytesPerMs: 10_000 };
    return random.pick<LinkQuality>([
      { latencyMs: [40, 90], bytesPerMs: 200 },
      { latencyMs: [200, 700], bytesPerMs: 60 },
      { latencyMs: [5, 900], bytesPerMs: 30 },
    ]);
  }

  #inserts(count: number): Write[] {
    return Array.from({ length: count }, () => ({
      record: 0,
      op: 'insert',
      set: {
        vorgangsnummer: this.#random
          .integer(0, 2 ** 32 - 1)
          .toString(16)
          .padStart(64, '0'),
        ibe: `${this.#random.integer(1, 1e9)}`,
        ...BLANK_CONTENT,
      },
    }));
  }

  #update(record: number): Write {
    const random = this.#random;
    const set = random.pick([
      { ibe: `${random.integer(1, 1e9)}` },
      { caseId: random.pick(['F-1', 'F-2', null]) },
      this.#otherFields(),
    ]);
    return { record, op: 'update', set };
  }

  /** All that people edit, but for the case, and the note, by which their own edits are found again. */
  #otherFields(): RecordPatch {
    const random = this.#random;
    const fields = EDITABLE_FIELDS.filter((field) => field !== 'caseId' && field !== 'note');
    return Object.fromEntries(
      fields.map((field) => [field, isOfKind(field, 'flag') ? random.chance(0.5) : random.pick(['a', 'b', null])]),
    );
  }
}
