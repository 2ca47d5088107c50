import { clearTimeout, setTimeout } from 'k6/timers';
import type { Change, DownMessage, Frame, FrameRange, SnapshotPage, UpMessage } from './messages.ts';
import {
  checksumsCompared,
  checksumsDiffering,
  duplicated,
  framesMissing,
  reportError,
  timeToFill,
} from './metrics.ts';
import { pause } from './pause.ts';
import { comparePositions } from './positions.ts';
import { RecordCopy } from './record-copy.ts';
import { type Service, ServiceError } from './service.ts';
import { SumWatch } from './sum-watch.ts';

/** From `subscribe` until the copy is live. Beyond it the connection is given up. */
const CATCH_UP_LIMIT_MS = 20_000;
/** P14, P45: between two snapshots of which the first did not help. */
const SNAPSHOT_PAUSE_MS = 2_500;
/** Pages in a row that bring a hole no further. */
const IDLE_PAGES = 4;

/** Where a copy stands with the feed. `rest`: there is no connection. */
type Phase =
  | { readonly at: 'rest' }
  | { readonly at: 'loading' }
  /** `subscribe` was sent: what still comes was sent before it was read. */
  | { readonly at: 'subscribing' }
  | { readonly at: 'catching-up'; readonly head: string; readonly sum: number | undefined }
  | { readonly at: 'live' };

export interface FeedEvents {
  readonly send: (message: UpMessage) => boolean;
  /** A change was applied; `isLive` where it came as it happened. */
  readonly onChange: (change: Change, isLive: boolean) => void;
  /** The copy is current. */
  readonly onLive: () => void;
  /** The connection is of no more use. */
  readonly onBroken: (why: string) => void;
}

/** Keeps one copy current over whatever connection there is: snapshot, subscribe, frames, ranges, checksums (P7 to P15, P36 to P45). */
export class Feed {
  readonly copy: RecordCopy;
  readonly #service: Service;
  readonly #events: FeedEvents;
  readonly #sums = new SumWatch();
  #phase: Phase = { at: 'rest' };
  /** Goes up with whatever makes an answer over HTTP one of before. */
  #turn = 0;
  /** Last frame heard as it happened since `subscribed`: what is not after it came twice. */
  #heard = '0-0';
  #everyMs = 0;
  #isStale = false;
  #isFilling = false;
  #snapshotAt = 0;
  #patience: number | undefined;
  #agreed = 0;

  constructor(service: Service, keepsRecords: boolean, events: FeedEvents) {
    this.#service = service;
    this.#events = events;
    this.copy = new RecordCopy(keepsRecords);
  }

  get isLive(): boolean {
    return this.#phase.at === 'live' && this.copy.oldestHole === undefined;
  }

  /** How often this copy has added up to what the service said. */
  get agreed(): number {
    return this.#agreed;
  }

  welcome(epoch: string): void {
    this.#everyMs = 0;
    this.#isStale = false;
    if (this.copy.epoch === epoch) this.subscribe();
    else void this.#takeSnapshot();
  }

  /** The connection has ended. */
  rest(): void {
    this.#enter({ at: 'rest' });
  }

  /** Starts over from the cursor (P15). */
  subscribe(): void {
    this.copy.rewind();
    this.#enter({ at: 'subscribing' });
    this.#patience = setTimeout(() => {
      reportError('catch-up', `not current ${CATCH_UP_LIMIT_MS} ms after subscribe`);
      this.#events.onBroken('catch-up');
    }, CATCH_UP_LIMIT_MS);
    this.#events.send({ type: 'subscribe', cursor: this.copy.cursor });
  }

  hear(message: DownMessage): void {
    switch (message.type) {
      case 'subscribed':
        this.#heard = '0-0';
        this.#enter({ at: 'catching-up', head: message.head, sum: message.sum }, true);
        break;
      case 'frames':
        for (const frame of message.frames) this.#hearFrame(frame, message.sentAt !== undefined);
        break;
      case 'range':
        this.#hearRange(message, message.spreadMs ?? 0);
        break;
      case 'reset':
        void this.#takeSnapshot();
        break;
      case 'behind':
        if (this.#phase.at !== 'loading') this.subscribe();
        break;
      case 'tier':
        this.#everyMs = message.everyMs;
        // What waits in the new pace has partly come in the one before (P34).
        this.#heard = '0-0';
        break;
      case 'freshness':
        this.#isStale = message.ageMs !== null;
        break;
      case 'pong':
        if (message.head !== undefined) this.#checkHead(message.head);
        break;
      default:
        // The rest is not about the copy.
        break;
    }
    this.#checkCurrent();
  }

  #hearFrame(frame: Frame, isAsItHappens: boolean): void {
    if (this.#phase.at === 'rest' || this.#phase.at === 'loading') return;
    const isLive = isAsItHappens && this.isLive;
    if (isAsItHappens) this.#checkTwice(frame.id);
    const taken = this.copy.take(frame);
    if (taken === 'gap') this.#missing(`${frame.prev} after ${this.copy.position}`);
    else if (taken === 'unreadable') this.#diverge();
    else if (taken === 'taken') {
      for (const change of frame.changes) this.#events.onChange(change, isLive);
      if (frame.sum !== undefined) this.#compare(frame.id, frame.sum);
    }
  }

  #hearRange(range: FrameRange, spreadMs: number): void {
    if (this.#phase.at === 'rest' || this.#phase.at === 'loading') return;
    const taken = this.copy.takeRange(range);
    if (taken === 'gap') this.#missing(`${range.from} after ${this.copy.position}`);
    else if (taken === 'taken') void this.#fill(spreadMs);
  }

  /** As it happens everything comes once. What was missed may come again so (P13), and what a page has brought. */
  #checkTwice(position: string): void {
    if (this.#phase.at !== 'catching-up' && this.#phase.at !== 'live') return;
    if (comparePositions(position, this.#heard) > 0) {
      this.#heard = position;
      return;
    }
    duplicated.add(1);
    console.error(`came twice: ${position}, after ${this.#heard}`);
  }

  /** A connection brings its frames whole and in order (P9, P21), so one that is missing is an error, also where it is filled. */
  #missing(what: string): void {
    if (this.#phase.at === 'subscribing' || this.#phase.at === 'loading') return;
    framesMissing.add(1);
    console.error(`frames are missing: ${what}`);
    if (this.#phase.at === 'live') this.subscribe();
    else this.#events.onBroken('gap');
  }

  #checkHead(head: string): void {
    if (this.#phase.at !== 'live' || this.#everyMs > 0 || this.#isStale) return;
    if (comparePositions(head, this.copy.position) > 0) this.#missing(`head ${head} after ${this.copy.position}`);
  }

  #checkCurrent(): void {
    if (this.#phase.at !== 'catching-up') return;
    const { head, sum } = this.#phase;
    if (this.copy.oldestHole !== undefined || comparePositions(this.copy.position, head) < 0) return;
    if (sum !== undefined) this.#compare(head, sum);
    if (this.#phase.at !== 'catching-up') return;
    this.#enter({ at: 'live' });
    this.#events.onLive();
  }

  #compare(position: string, sum: number): void {
    const { copy } = this;
    if (!copy.keepsRecords || copy.oldestHole !== undefined || copy.position !== position) return;
    checksumsCompared.add(1);
    const compared = this.#sums.compare(copy.sum, sum, Date.now());
    if (compared === 'agrees') this.#agreed++;
    if (compared !== 'differs') return;
    checksumsDiffering.add(1);
    console.error(`the copy adds up to ${copy.sum}, the service to ${sum}, at ${position}`);
    this.#diverge();
  }

  /** Begins anew over the same connection; the node is told, so that it sends nothing of before (P37, P45). */
  #diverge(): void {
    this.#events.send({ type: 'diverged', cursor: this.copy.cursor });
    void this.#takeSnapshot();
  }

  async #takeSnapshot(): Promise<void> {
    this.#enter({ at: 'loading' });
    const turn = this.#turn;
    const waitMs = this.#snapshotAt + SNAPSHOT_PAUSE_MS - Date.now();
    if (waitMs > 0) await pause(waitMs);
    if (turn !== this.#turn) return;
    this.#snapshotAt = Date.now();
    try {
      if (await readSnapshot(this.#service, this.copy, () => turn === this.#turn)) {
        this.#sums.begin();
        this.subscribe();
      }
    } catch (error) {
      reportError('snapshot', String(error));
      if (turn === this.#turn) this.#events.onBroken('snapshot');
    }
  }

  /** Fills the holes, oldest first, a page at a time (P42), and begins at a random moment within `spreadMs` (P62). */
  async #fill(spreadMs = 0): Promise<void> {
    if (this.#isFilling) return;
    this.#isFilling = true;
    const since = Date.now();
    try {
      if (spreadMs > 0) await pause(Math.random() * spreadMs);
      if (await this.#fillHoles()) timeToFill.add(Date.now() - since);
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 410)) reportError('fill', String(error));
      void this.#takeSnapshot();
    } finally {
      this.#isFilling = false;
    }
    this.#checkCurrent();
    if (this.isLive) this.#events.onLive();
    // Another hole may have come while this was about to end.
    if (this.copy.oldestHole !== undefined && this.#phase.at !== 'rest' && this.#phase.at !== 'loading')
      void this.#fill();
  }

  /** False where a snapshot came between. */
  async #fillHoles(): Promise<boolean> {
    let idle = 0;
    for (let hole = this.copy.oldestHole; hole !== undefined; hole = this.copy.oldestHole) {
      const cursor = this.copy.cursor;
      const page = await this.#service.framesPage(cursor, hole.to);
      if (this.copy.cursor !== cursor) return false;
      for (const frame of page.frames) {
        if (this.copy.takePage(frame) === 'unreadable') throw new ServiceError(410, 'unreadable', 'frames');
        for (const change of frame.changes) this.#events.onChange(change, false);
        if (frame.sum !== undefined) this.#compare(frame.id, frame.sum);
      }
      idle = this.copy.cursor === cursor ? idle + 1 : 0;
      if (idle > IDLE_PAGES) throw new ServiceError(200, `pages do not lead to ${hole.to}`, 'frames');
    }
    return true;
  }

  #enter(phase: Phase, keepsPatience = false): void {
    this.#phase = phase;
    this.#turn++;
    if (keepsPatience || this.#patience === undefined) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }
}

/**
 * Reads all records into a copy (P12), a page at a time, or of a copy that keeps none where the feed stands. False where it was not
 * wanted any more: then the copy is none.
 */
export async function readSnapshot(service: Service, copy: RecordCopy, isWanted: () => boolean): Promise<boolean> {
  let page = await service.snapshotPage(0, undefined, copy.keepsRecords ? undefined : 1);
  const { cursor, edition } = page;
  if (!isWanted()) return false;
  copy.begin(cursor);
  putPage(copy, page);
  while (copy.keepsRecords && page.next !== null) {
    page = await service.snapshotPage(page.next, edition);
    if (!isWanted()) return false;
    putPage(copy, page);
  }
  copy.complete();
  return true;
}

function putPage(copy: RecordCopy, { records, unreadable = [] }: SnapshotPage): void {
  if (!copy.keepsRecords) return;
  for (const record of records) copy.put(record);
  for (const record of unreadable) copy.putUnreadable(record);
}
