import type { RelayFeed } from '@meldesync/bus';
import type { FeedHold, StoredFeedState } from '@meldesync/db';
import {
  Checkpoints,
  EntriesLostError,
  type EpochFacts,
  EpochOverError,
  judgeStreamEnd,
  PassPublisher,
  TakenOverError,
  whyEpochEnds,
} from '@meldesync/relay/logic';
import type { Scheduler, SimProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimDatabase } from './sim-database.ts';
import type { SimRedis } from './sim-redis.ts';
import type { LogListener } from './sim-replication.ts';

export interface SimRelayOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly workspace: string;
  readonly database: SimDatabase;
  readonly redis: SimRedis;
  /** How long confirmed positions lag, so that the log can fill Redis again. */
  readonly holdBackMs: number;
  readonly onPass: (reason: string) => void;
  /** How often another of its place comes to life after it has crashed. */
  readonly livesLeft: number;
}

const EVERY_MS = 1_000;
const STANDBY_RETRY_MS = 500;
const FAILURE_RETRY_MS = 1_000;
/** A sender that has said nothing for so long is gone. */
const SENDER_SILENCE_MS = 5_000;

/** Another relay reads from the slot. */
class SlotInUseError extends Error {}

/**
 * A relay with the real rules of what is appended and confirmed, of when entries are lost and when an epoch ends (`PassPublisher`,
 * `Checkpoints`, `judgeStreamEnd`, `whyEpochEnds`), over the simulated log and Redis. It follows `runUntilEnded`, `runPass` and
 * `findOrBeginEpoch` step by step; replication itself is what is simulated.
 */
export class SimRelay {
  readonly process: SimProcess;
  /** Whether it holds the feed. */
  isActive = false;
  readonly #options: SimRelayOptions;
  /** What it took over last, and what of that turned out to be set back. */
  #hold: FeedHold | undefined;
  #distrusted: EpochFacts['distrusted'];

  /** Starts at once, and runs until its process dies. */
  constructor(name: string, options: SimRelayOptions) {
    this.#options = options;
    this.process = options.scheduler.process(name);
    options.scheduler.after(0, this.process, () => void this.#run());
  }

  get livesLeft(): number {
    return this.#options.livesLeft;
  }

  async #run(): Promise<void> {
    const { scheduler, onPass, database } = this.#options;
    let isStandby = false;
    for (;;) {
      let reason = '';
      let delayMs = 0;
      try {
        if (isStandby && (await database.isSlotTaken())) {
          await scheduler.sleep(STANDBY_RETRY_MS);
          continue;
        }
        await this.#pass();
      } catch (error) {
        const isInUse = error instanceof SlotInUseError;
        isStandby = isInUse;
        reason = error instanceof Error ? `${error.name} ${error.message}` : String(error);
        if (error instanceof EpochOverError && this.#hold) this.#distrusted = { ...this.#hold, why: error.why };
        const isKnown = [EntriesLostError, TakenOverError, EpochOverError].some((known) => error instanceof known);
        delayMs = isInUse ? STANDBY_RETRY_MS : isKnown ? 0 : FAILURE_RETRY_MS;
        onPass(reason);
      }
      this.isActive = false;
      if (delayMs > 0) await scheduler.sleep(delayMs);
    }
  }

  /** Never resolves; rejects with why another pass is needed. Long because what may happen in a pass is told in its order. */
  async #pass(): Promise<never> {
    const { database, redis, scheduler, workspace, holdBackMs } = this.#options;
    const state = await this.#ensureEpoch();
    const { epoch, confirmedLsn, baseSnapshot } = state;
    const feed = redis.publisher();
    await feed.ping();
    const positions = await database.positions();
    const checkpoints = new Checkpoints();
    const wallNow = (): number => scheduler.now + this.process.clockOffsetMs;
    let handledLsn = confirmedLsn;
    let heardAt = scheduler.now;
    let fail: (error: Error) => void = () => {};
    let hasFailed = false;
    const failed = new Promise<never>((_, reject) => {
      fail = (error) => {
        hasFailed = true;
        reject(error);
      };
    });
    // Until somebody waits for it, it is no failure of the program.
    failed.catch(() => undefined);
    const publisher = new PassPublisher({
      feed,
      epoch,
      positions,
      baseSnapshot,
      onAnswer: (answer) => {
        if (answer === 'fenced') fail(new TakenOverError());
        if (answer === 'gap') fail(new EntriesLostError('gap'));
        if (answer === 'diverged') fail(new EpochOverError('log-set-back', 'diverged'));
      },
      onError: (error) => fail(error),
      now: () => scheduler.now,
    });
    const listener: LogListener = {
      onCommit: ({ frames, endLsn }) => {
        heardAt = scheduler.now;
        if (hasFailed) return;
        const sent = frames.filter((frame) => publisher.publish(frame));
        for (const { id } of sent)
          checkpoints.advance(workspace, { position: id, checksum: publisher.checksum(workspace) });
        handledLsn = endLsn;
      },
      onCanary: (writtenAt) => {
        heardAt = scheduler.now;
        if (hasFailed) return;
        publisher.settled().then(() => {
          if (!hasFailed)
            feed.canary({ transitMs: Math.round(scheduler.now - writtenAt), moved: publisher.moved() }).catch(fail);
        }, fail);
      },
      onEnd: (reason) => fail(new Error(reason)),
    };
    try {
      const started = await database.replicate(this.process, confirmedLsn, listener);
      if (started === 'in use') throw new SlotInUseError();
      if (started === 'no slot') throw new Error('no slot');
      const token = await Promise.race([this.#takeOver(state, feed), failed]);
      this.isActive = true;
      const repeat = async (everyMs: number, act: () => Promise<void>): Promise<void> => {
        for (;;) {
          await scheduler.sleep(everyMs);
          if (hasFailed) return;
          await act();
        }
      };
      const checkStream = async (): Promise<void> => {
        const sent = publisher.sentPosition(workspace);
        const end = await feed.checkStream(epoch, workspace);
        const logEnd = async () => (await database.logIdentity()).endLsn;
        await judgeStreamEnd({ publisher, handledLsn: () => handledLsn, logEnd }, workspace, sent, end);
      };
      const tasks = [
        repeat(Math.max(250, holdBackMs / 10), async () => {
          const now = wallNow();
          checkpoints.take(handledLsn, now);
          await publisher.settled();
          const due = checkpoints.release(now, holdBackMs);
          if (!due || hasFailed) return;
          if (due.positions.size > 0) await checkStream();
          if (hasFailed) return;
          if (!(await database.confirm({ epoch, token }, due.lsn, due.positions))) throw new TakenOverError();
          await database.confirmSlot(this.process, due.lsn);
        }),
        watchMarker(feed, epoch, repeat),
        repeat(EVERY_MS, checkStream),
        feed.dropOtherEpochs(epoch, [workspace]),
        repeat(EVERY_MS, async () => {
          if (scheduler.now - heardAt > SENDER_SILENCE_MS) throw new Error('the sender is silent');
          await database.emitCanary(this.process).catch(() => undefined);
        }),
      ];
      for (const task of tasks) task.catch(fail);
      return await failed;
    } finally {
      hasFailed = true;
      database.replication.close(listener);
    }
  }

  async #takeOver(state: StoredFeedState, feed: RelayFeed): Promise<number> {
    const { database, workspace } = this.#options;
    const { epoch } = state;
    const token = await database.takeFeed(state);
    if (token === undefined) throw new TakenOverError();
    this.#hold = { epoch, token };
    if (await feed.takeOver(epoch, token, [workspace])) return token;
    const now = await database.storedState();
    const isLast = now?.epoch === epoch && now.token === token;
    throw isLast ? new EpochOverError('log-set-back', 'Redis knows a later relay') : new TakenOverError();
  }

  /** As `aloneWithFeed` and `findOrBeginEpoch`. */
  async #ensureEpoch(): Promise<StoredFeedState> {
    const { database, scheduler, random } = this.#options;
    while (!(await database.enterAlone(this.process))) await scheduler.sleep(50);
    try {
      const slotLsn = await database.slotLsn();
      const state = await database.storedState();
      const log = await database.logIdentity();
      const why = state ? whyEpochEnds({ state, slotLsn, log, distrusted: this.#distrusted }) : 'first';
      if (state && why === undefined) return state;
      if (slotLsn === undefined) await database.endEpoch(state?.epoch);
      const confirmedLsn = slotLsn ?? (await database.createSlot());
      return await database.beginEpoch(
        hexDigits(random),
        confirmedLsn,
        slotLsn === undefined ? undefined : state?.epoch,
      );
    } finally {
      await database.leaveAlone(this.process).catch(() => undefined);
    }
  }
}

async function watchMarker(
  feed: RelayFeed,
  epoch: string,
  repeat: (everyMs: number, act: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await feed.beginMarker(epoch);
  await repeat(EVERY_MS, async () => {
    const held = await feed.checkMarker(epoch);
    if (held === 'fenced') throw new TakenOverError();
    if (held === 'lost') throw new EntriesLostError('marker');
  });
}

function hexDigits(random: SeededRandom): string {
  return random
    .integer(0, 2 ** 32 - 1)
    .toString(16)
    .padStart(8, '0');
}
