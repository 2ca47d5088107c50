import { type DatedNotice, type NewEvent, type NewNotice, NoticesUnwrittenError, sqlState } from '@meldesync/db';
import { withTimeout } from '@meldesync/lifecycle';
import type { Logger } from '@meldesync/telemetry';
import type { NodeRuntime, Timer } from '../runtime.ts';
import type { Trail } from './trail.ts';
import { addUntold, type UntoldEntries, withoutTold } from './untold.ts';
import { WaitingNotices } from './waiting-notices.ts';

/** Where notices are written. */
export interface NoticeStore {
  /** All or none, in their order. Throws a `NoticesUnwrittenError`. */
  readonly write: (notices: readonly DatedNotice[]) => Promise<void>;
  /** What became of a transaction whose commit was not heard of. */
  readonly fateOf: (txid: string) => Promise<'committed' | 'open' | 'gone'>;
}

export interface TrailWriterOptions {
  readonly node: string;
  readonly runtime: Pick<NodeRuntime, 'now' | 'monotonicMs' | 'after'>;
  readonly store: NoticeStore;
  readonly logger: Logger;
  /** So many entries were written, or are not in the trail. */
  readonly onNoted: (outcome: 'written' | 'untold', count: number) => void;
  readonly waiting?: WaitingNotices;
}

/** What happens at about the same time is written with one statement. */
const GATHER_MS = 100;
const MOST_AT_ONCE = 500;
const BACK_OFF = { firstMs: 250, mostMs: 10_000 };
/** How long a node that stops waits for its last notices. */
const LAST_MS = 3_000;

/**
 * Writes into the trail what this node notes, behind what happens: one transaction at a time, on one connection of the pool. While
 * Postgres takes none they wait, up to a limit; those beyond it are counted, and told as one entry once it takes some again.
 */
export class TrailWriter implements Trail, AsyncDisposable {
  readonly #options: TrailWriterOptions;
  readonly #waiting: WaitingNotices;
  #untold: UntoldEntries | undefined;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  /** How many go into the next statement: fewer after one that was refused for what is in it. */
  #atOnce = MOST_AT_ONCE;
  #failures = 0;
  /** The first so many may be written already: this transaction knows. */
  #doubt: { readonly txid: string; readonly count: number } | undefined;
  #isOver = false;

  constructor(options: TrailWriterOptions) {
    this.#options = options;
    this.#waiting = options.waiting ?? new WaitingNotices();
  }

  readonly note = (notice: NewNotice): void => {
    if (this.#isOver || !this.#waiting.add(notice, this.#options.runtime.monotonicMs()))
      return this.untold(notice.kind);
    this.#schedule(GATHER_MS);
  };

  readonly untold = (kind: NewNotice['kind'] | NewEvent['kind']): void => {
    this.#untold = addUntold(this.#untold, kind, new Date(this.#options.runtime.now()).toISOString());
    this.#options.onNoted('untold', 1);
    this.#schedule(GATHER_MS);
  };

  /** What waits is written, if that can be done soon. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await withTimeout(this.#writeLast(), LAST_MS, () => undefined, this.#options.runtime);
    for (const { notice } of this.#waiting.drop(this.#waiting.count)) this.untold(notice.kind);
    if (this.#untold) this.#options.logger.event('entries-untold', { count: this.#untold.count });
  }

  async #writeLast(): Promise<void> {
    await this.#writing;
    if (this.#failures === 0) await this.#writeAll();
  }

  #schedule(delayMs: number): void {
    if (this.#timer || this.#writing || this.#isOver) return;
    this.#timer = this.#options.runtime.after(delayMs, () => {
      this.#timer = undefined;
      this.#writing = this.#writeAll().finally(() => {
        this.#writing = undefined;
        if (this.#waiting.count > 0 || this.#untold) this.#schedule(this.#failures > 0 ? this.#backOffMs() : GATHER_MS);
      });
    });
  }

  #backOffMs(): number {
    return Math.min(BACK_OFF.mostMs, BACK_OFF.firstMs * 2 ** Math.min(this.#failures, 10));
  }

  /** Never rejects. Ends when all is written, or Postgres takes nothing now. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.count > 0) if (!(await this.#writeSome())) return;
    if (this.#untold) await this.#tellUntold(this.#untold);
  }

  async #writeSome(): Promise<boolean> {
    const { store, runtime, onNoted } = this.#options;
    const some = this.#waiting.first(this.#doubt?.count ?? this.#atOnce);
    const dated = some.map(({ notice, at }) => ({ notice, ageMs: () => runtime.monotonicMs() - at }));
    try {
      if (!(await this.#isWritten())) await store.write(dated);
      this.#doubt = undefined;
    } catch (error) {
      return this.#failed(error, some.length);
    }
    this.#waiting.drop(some.length);
    this.#worked();
    onNoted('written', some.length);
    return true;
  }

  /** Whether what the last attempt was to write is written after all. */
  async #isWritten(): Promise<boolean> {
    if (!this.#doubt) return false;
    const fate = await this.#options.store.fateOf(this.#doubt.txid);
    if (fate === 'open') throw new NoticesUnwrittenError(this.#doubt.txid, { cause: new Error('it is not over yet') });
    return fate === 'committed';
  }

  /** Whether to go on at once. */
  #failed(error: unknown, count: number): boolean {
    this.#options.logger.event('trail-unwritten', { err: error });
    const isOfNotices = isRefused(error);
    const txid = error instanceof NoticesUnwrittenError ? error.txid : this.#doubt?.txid;
    this.#doubt = txid === undefined || isOfNotices ? undefined : { txid, count };
    if (!isOfNotices) {
      this.#failures += 1;
      return false;
    }
    if (count > 1) this.#atOnce = Math.ceil(count / 2);
    else for (const { notice } of this.#waiting.drop(1)) this.untold(notice.kind);
    return true;
  }

  #worked(): void {
    this.#failures = 0;
    this.#atOnce = Math.min(MOST_AT_ONCE, this.#atOnce * 2);
  }

  async #tellUntold(untold: UntoldEntries): Promise<void> {
    const { store, node, logger, onNoted } = this.#options;
    const notice: NewNotice = {
      kind: 'entries-untold',
      actor: 'system',
      sessionId: null,
      address: null,
      workspaceId: null,
      subject: null,
      before: null,
      after: { ...untold, node },
    };
    try {
      // Where nobody hears of its commit it may be told twice, which harms less than not at all.
      await store.write([{ notice, ageMs: () => 0 }]);
    } catch (error) {
      logger.event('trail-unwritten', { err: error });
      this.#failures += 1;
      return;
    }
    this.#worked();
    if (this.#untold) this.#untold = withoutTold(this.#untold, untold);
    onNoted('written', 1);
    logger.event('entries-untold', { count: untold.count });
  }
}

/** Whether Postgres refused what one of the notices holds (SQLSTATE classes 22 and 23); everything else may be otherwise later. */
function isRefused(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}
