import type { AppendAnswer, BusFrame, StreamEnd } from '@meldesync/bus';
import { comparePositions, type FramePosition } from '@meldesync/protocol';

interface Entry {
  readonly frame: BusFrame;
  readonly at: number;
}

interface Stream {
  readonly entries: Entry[];
  /** The newest id that ever was in it. */
  lastId: FramePosition;
  /** An entry between others is gone. */
  hasHole: boolean;
}

const MIN_KEPT_MS = 1_000;

/** What Redis keeps of a workspace's feed, by the rules of its scripts (`packages/bus/src/lua`). */
export class SimStreams {
  readonly #streams: Map<string, Stream>;
  readonly #fences: Map<string, number>;
  readonly #markers: Map<string, string>;

  constructor(from?: SimStreams) {
    this.#streams = new Map(
      [...(from ? from.#streams : [])].map(([epoch, stream]) => [epoch, { ...stream, entries: [...stream.entries] }]),
    );
    this.#fences = new Map(from ? from.#fences : []);
    this.#markers = new Map(from ? from.#markers : []);
  }

  frames(epoch: string): BusFrame[] {
    return this.#streams.get(epoch)?.entries.map(({ frame }) => frame) ?? [];
  }

  /** The rule of `append-frame.ts`; `now` and `maxLength` for the trimming. */
  append(frame: BusFrame, mayRestart: boolean, token: number, now: number, maxLength: number): AppendAnswer {
    const { epoch } = frame;
    const fence = this.#fences.get(epoch) ?? 0;
    if (token < fence) return 'fenced';
    this.#fences.set(epoch, token);
    let stream = this.#streams.get(epoch) ?? { entries: [], lastId: frame.prev, hasHole: false };
    const newest = stream.entries.at(-1)?.frame.id;
    if (newest !== undefined && comparePositions(frame.id, newest) <= 0) {
      const seen = judgeSeen(stream, frame);
      if (seen !== 'hole') return seen;
      this.#streams.delete(epoch);
      stream = { entries: [], lastId: frame.prev, hasHole: false };
    } else if (newest !== undefined && newest !== frame.prev && comparePositions(frame.prev, newest) <= 0) {
      return 'diverged';
    }
    const isJoining = stream.entries.length > 0 && newest === frame.prev && stream.lastId === newest;
    if (!isJoining) {
      if (newest === frame.prev && stream.lastId !== newest) this.#streams.delete(epoch);
      if (!mayRestart) return 'gap';
      stream = { entries: [], lastId: frame.prev, hasHole: false };
    }
    stream.entries.push({ frame, at: now });
    stream.lastId = frame.id;
    if (stream.entries.length > maxLength) dropOldest(stream, now);
    this.#streams.set(epoch, stream);
    return isJoining ? 'appended' : 'restarted';
  }

  /** The rule of `check-stream.ts`. */
  check(epoch: string, token: number): StreamEnd {
    if (token < (this.#fences.get(epoch) ?? 0)) return { kind: 'fenced' };
    const stream = this.#streams.get(epoch);
    if (!stream) return { kind: 'none' };
    const newest = stream.entries.at(-1)?.frame.id;
    if (newest !== undefined && newest === stream.lastId && !stream.hasHole) return { kind: 'newest', id: newest };
    this.#streams.delete(epoch);
    return { kind: 'damaged' };
  }

  /** The rule of `raise-fence.ts`. */
  raiseFence(epoch: string, token: number): boolean {
    if (token < (this.#fences.get(epoch) ?? 0)) return false;
    this.#fences.set(epoch, token);
    return true;
  }

  /** The rule of `advance-marker.ts`. */
  advanceMarker(epoch: string, expected: string, next: string, token: number): 'kept' | 'lost' | 'fenced' {
    const held = this.#markers.get(epoch);
    if (Number(held?.split(':')[0] ?? 0) > token) return 'fenced';
    this.#markers.set(epoch, next);
    return expected !== '' && held !== expected ? 'lost' : 'kept';
  }

  dropOtherEpochs(epoch: string): void {
    for (const held of [this.#streams, this.#markers]) {
      for (const other of held.keys()) if (other !== epoch) held.delete(other);
    }
    for (const other of this.#fences.keys()) if (other !== epoch) this.#fences.set(other, Number.MAX_SAFE_INTEGER);
  }

  /** The newest entries and the last marker are lost, as by a failover to a replica that lags. */
  loseNewest(count: number): void {
    for (const [epoch, stream] of this.#streams) {
      stream.entries.splice(Math.max(0, stream.entries.length - count));
      const newest = stream.entries.at(-1);
      if (newest) stream.lastId = newest.frame.id;
      else this.#streams.delete(epoch);
    }
    for (const [epoch, marker] of this.#markers) this.#markers.set(epoch, `${marker.split(':')[0]}:older`);
  }

  /** Somebody drops the oldest entries. */
  trim(count: number, now: number): void {
    for (const stream of this.#streams.values()) for (let left = count; left > 0; left--) dropOldest(stream, now);
  }

  /** Somebody trims every stream to nothing. */
  trimAll(): void {
    for (const { entries } of this.#streams.values()) entries.length = 0;
  }

  /** Somebody deletes the newest entry of every stream. */
  deleteNewest(): void {
    for (const { entries } of this.#streams.values()) entries.pop();
  }

  /** Somebody deletes an entry in the midst of every stream. */
  deleteWithin(share: number): void {
    for (const stream of this.#streams.values()) {
      if (stream.entries.length < 3) continue;
      stream.entries.splice(1 + Math.floor(share * (stream.entries.length - 2)), 1);
      stream.hasHole = true;
    }
  }
}

function judgeSeen({ entries, hasHole }: Stream, { id, txid }: BusFrame): AppendAnswer | 'hole' {
  const same = entries.find(({ frame }) => frame.id === id);
  if (same) return same.frame.txid === txid ? 'duplicate' : 'diverged';
  if (comparePositions(id, entries[0]?.frame.id ?? id) < 0) return 'duplicate';
  return hasHole ? 'hole' : 'diverged';
}

/** Unless it is young: in earnest a stream holds a day, and a commit is visible long before its entry is dropped. */
function dropOldest({ entries }: Stream, now: number): void {
  const [oldest] = entries;
  if (oldest && entries.length > 1 && now - oldest.at >= MIN_KEPT_MS) entries.shift();
}
