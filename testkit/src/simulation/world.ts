import { BLANK_CONTENT, EDITABLE_FIELDS, isOfKind, type RecordPatch } from '@meldesync/domain';
import { noLag } from './lag.ts';
import { crashOf, LIVES } from './lives.ts';
import { drawPlan, type Plan } from './plan.ts';
import { createTampering, type Sabotage } from './sabotage.ts';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimClient } from './sim-client.ts';
import { SimDatabase } from './sim-database.ts';
import { type LinkQuality, SimNetwork } from './sim-network.ts';
import { SimNode } from './sim-node.ts';
import type { Write } from './sim-records.ts';
import { SimRedis } from './sim-redis.ts';
import { SimRelay } from './sim-relay.ts';
import { describeMessage } from './trace.ts';

/** After a crash. */
const MAX_RESTART_MS = 1_500;

const WORKSPACE = '3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098';

export interface WorldOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly sabotage: Sabotage | undefined;
  readonly violated: (what: string) => void;
  readonly say: (what: string) => void;
  readonly isTraced: boolean;
  /** The names of all faults. */
  readonly faults: readonly string[];
  /** A process ended at an await. */
  readonly onCrash: (at: string) => void;
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
  readonly relays = new Set<SimRelay>();
  /** How bad every line is. */
  readonly lag = noLag();
  /** How many lives of the process that crashes have not ended yet. */
  livesLeft = LIVES;
  readonly #options: WorldOptions;
  readonly #random: SeededRandom;
  #names = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { scheduler, random, sabotage, violated } = options;
    this.#random = random.fork();
    this.plan = drawPlan(random.fork(), options.faults);
    const { plan, lag } = this;
    this.database = new SimDatabase({ scheduler, random: random.fork(), lag, workspace: WORKSPACE, sabotage, ...plan });
    this.redis = new SimRedis({
      scheduler,
      random: random.fork(),
      lag,
      workspace: WORKSPACE,
      sabotage,
      violated,
      streamLength: plan.streamLength,
      tamper: createTampering(sabotage),
    });
    const { say, isTraced } = options;
    this.network = new SimNetwork({
      scheduler,
      random: random.fork(),
      lag,
      nodes: this.nodes,
      onMessage: isTraced
        ? (client, node, way, text) => say(`${client} ${way} ${node}  ${describeMessage(text)}`)
        : undefined,
      violated,
    });
    for (let count = 0; count < plan.relays; count++) {
      this.#startRelay(count === 0 && plan.crashing === 'relay' ? LIVES : 0);
    }
    this.write(this.#inserts(plan.records));
    for (let count = 0; count < plan.nodes; count++) {
      this.startNode(count === 0 && plan.crashing === 'node' ? LIVES : 0);
    }
    for (let count = 0; count < plan.clients; count++) this.startClient();
  }

  /** Starts a node whose next so many lives each end at an await. */
  startNode(livesLeft: number): void {
    const { scheduler, random, violated, say } = this.#options;
    const process = scheduler.process(`node-${++this.#names}`);
    let started: SimNode | undefined;
    this.#mayCrash(process, livesLeft, () => {
      started?.kill(false);
      if (started) this.nodes.delete(started);
      this.#afterCrash(() => this.startNode(livesLeft - 1));
    });
    scheduler.after(0, process, () => {
      const node = new SimNode({
        scheduler,
        random: random.fork(),
        workspace: WORKSPACE,
        database: this.database,
        redis: this.redis,
        byteWeight: this.plan.byteWeight,
        onError: (what) => violated(`${process.name}: ${what}`),
        livesLeft,
      });
      started = node;
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

  /** A relay dies, and another one starts in its place after a while. */
  replaceRelay(relay: SimRelay, afterMs: number): void {
    const { scheduler } = this.#options;
    relay.process.isAlive = false;
    this.relays.delete(relay);
    scheduler.after(afterMs, scheduler.world, () => this.#startRelay(relay.livesLeft));
  }

  /** Transactions of other programs: mostly small, now and then large. */
  writeSomething(): void {
    const random = this.#random;
    const ids = [...this.database.records.visible.keys()];
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

  #startRelay(livesLeft: number): void {
    const { scheduler, random, say } = this.#options;
    const { database, redis, plan } = this;
    const name = `relay-${++this.#names}`;
    const relay = new SimRelay(name, {
      scheduler,
      random: random.fork(),
      workspace: WORKSPACE,
      database,
      redis,
      holdBackMs: plan.holdBackMs,
      onPass: (reason) => say(`${name} begins another pass: ${reason}`),
      livesLeft,
    });
    this.relays.add(relay);
    this.#mayCrash(relay.process, livesLeft, () => {
      this.relays.delete(relay);
      this.#afterCrash(() => this.#startRelay(livesLeft - 1));
    });
  }

  /** One of the lives of a process: it may end at an await. */
  #mayCrash(process: SimProcess, livesLeft: number, crashed: () => void): void {
    const { say, onCrash } = this.#options;
    if (livesLeft === 0 || this.livesLeft === 0) return;
    process.crash = crashOf(process, this.#random, (at) => {
      say(`*** ${process.name} ends at ${at}`);
      onCrash(`${process.name.split('-')[0]} at ${at}`);
      this.livesLeft = livesLeft - 1;
      crashed();
    });
  }

  /** A life that would take too long ends sooner. */
  hastenLives(): void {
    for (const { process } of [...this.nodes, ...this.relays]) {
      if (process.crash) process.crash.awaitsLeft = Math.min(process.crash.awaitsLeft, this.#random.integer(1, 12));
    }
  }

  /** Nobody ends at an await any more. */
  endLives(): void {
    for (const { process } of [...this.nodes, ...this.relays]) process.crash = undefined;
    this.livesLeft = 0;
  }

  #afterCrash(start: () => void): void {
    const { scheduler } = this.#options;
    scheduler.after(this.#random.between(0, MAX_RESTART_MS), scheduler.world, start);
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
