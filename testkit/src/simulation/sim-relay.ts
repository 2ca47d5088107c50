import { Checkpoints, PassPublisher } from '@meldesync/relay/logic';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimDatabase } from './sim-database.ts';
import type { SimRedis } from './sim-redis.ts';

export interface SimRelayOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  /** How long confirmed positions lag, so that the log can fill Redis again. */
  readonly holdBackMs: number;
  readonly onPass: (reason: string) => void;
}

const MARKER_INTERVAL_MS = 1_000;
const CANARY_INTERVAL_MS = 1_000;
const MAX_LOG_LAG_MS = 30;

/**
 * A relay with the real rules of what is appended and confirmed (`PassPublisher`, `Checkpoints`), over the simulated log
 * and Redis. It follows `runPass` step by step; replication itself is what is simulated.
 */
export class SimRelay {
  readonly process: SimProcess;
  readonly #options: SimRelayOptions;

  /** Starts at once, and runs until its process dies. */
  constructor(name: string, options: SimRelayOptions) {
    this.#options = options;
    this.process = options.scheduler.process(name);
    options.scheduler.after(0, this.process, () => void this.#run());
  }

  async #run(): Promise<void> {
    for (let reason = 'start'; ; ) {
      this.#options.onPass(reason);
      reason = await this.#pass();
    }
  }

  /** Resolves when another pass is needed; says why. Long because what may happen in a pass is told in its order. */
  async #pass(): Promise<string> {
    const { database, redis, random, scheduler } = this.#options;
    const { epoch, confirmedLsn, baseSnapshot } = await database.ensureEpoch(hexDigits(random));
    const positions = await database.positions();
    const { slot } = database;
    if (!slot) return 'slot lost';
    const feed = redis.publisher();
    const checkpoints = new Checkpoints();
    let handedOverLsn = confirmedLsn;
    let failure = '';
    const publisher = makePublisher();

    function makePublisher(): PassPublisher {
      return new PassPublisher({
        feed,
        epoch,
        positions,
        baseSnapshot,
        onAnswer: (answer) => {
          if (answer === 'gap') fail('entries-lost');
          // Nothing sets the simulated log back.
          if (answer === 'diverged') throw new Error('the stream holds frames that the log does not have');
        },
        onError: (error) => fail(error.message),
      });
    }
    function fail(reason: string): void {
      if (failure === '') failure = reason;
      wake();
    }
    let wake = (): void => {};

    const keepConfirming = async (): Promise<void> => {
      const intervalMs = Math.max(250, this.#options.holdBackMs / 10);
      for (;;) {
        await scheduler.sleep(intervalMs);
        if (failure !== '') return;
        const { now } = scheduler;
        checkpoints.take(handedOverLsn, now);
        await publisher.settled();
        const due = checkpoints.release(now, this.#options.holdBackMs);
        if (due && failure === '') await database.confirm(due.lsn, due.positions);
      }
    };
    const watchMarker = async (): Promise<void> => {
      await feed.beginMarker(epoch);
      for (;;) {
        await scheduler.sleep(MARKER_INTERVAL_MS);
        if (failure !== '') return;
        if ((await feed.checkMarker(epoch)) === 'lost') fail('entries-lost');
      }
    };
    const passCanariesOn = async (): Promise<void> => {
      for (;;) {
        const lagMs = random.between(0, MAX_LOG_LAG_MS);
        await scheduler.sleep(lagMs);
        if (failure !== '') return;
        await feed.canary(Math.round(lagMs));
        await scheduler.sleep(CANARY_INTERVAL_MS);
      }
    };
    const loops = Promise.all([keepConfirming(), watchMarker(), passCanariesOn()]);

    let index = slot.index;
    while (failure === '') {
      if (database.slot !== slot) {
        fail('slot lost');
        break;
      }
      const commit = database.log[index];
      if (!commit) {
        await Promise.race([database.logChanged(), new Promise<void>((resolve) => (wake = resolve))]);
        continue;
      }
      index += 1;
      // Postgres leaves out what was confirmed.
      if (Number(commit.endLsn) <= Number(confirmedLsn)) continue;
      const lagMs = commit.at + random.between(0, MAX_LOG_LAG_MS) - scheduler.now;
      if (lagMs > 0) await scheduler.sleep(lagMs);
      const sent = commit.frames.filter((frame) => publisher.publish(frame));
      for (const { workspace, id } of sent) {
        checkpoints.advance(workspace, { position: id, checksum: publisher.checksum(workspace) });
      }
      handedOverLsn = commit.endLsn;
    }
    await loops;
    return failure;
  }
}

function hexDigits(random: SeededRandom): string {
  return random
    .integer(0, 2 ** 32 - 1)
    .toString(16)
    .padStart(8, '0');
}
