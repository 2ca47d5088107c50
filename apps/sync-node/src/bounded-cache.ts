import { LRUCache } from 'lru-cache';
import type { NodeRuntime } from './runtime.ts';

export interface BoundedCacheOptions {
  /** What is held of all entries together; those that nobody has asked for longest go first. */
  readonly maxBytes: number;
  /** An entry is good for so long. */
  readonly keepMs: number;
  /** Whether that begins anew each time that somebody asks for it, instead of once when it was made. */
  readonly renewedByUse: boolean;
  readonly runtime: Pick<NodeRuntime, 'monotonicMs'>;
}

/** What is made once for many who ask within a while. */
export class BoundedCache<Value extends object> {
  readonly #entries: LRUCache<string, Value>;

  constructor({ maxBytes, keepMs, renewedByUse, runtime }: BoundedCacheOptions) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      ttl: keepMs,
      updateAgeOnGet: renewedByUse,
      // The runtime's time alone, with no timer beside it: a simulation has a time of its own.
      perf: { now: () => runtime.monotonicMs() },
      ttlResolution: 0,
    });
  }

  /** Undefined when it is not there, or no longer good. */
  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /**
   * Holds an entry. One that is larger than the whole cache is not held. What is no longer good is
   * let go of.
   */
  set(key: string, value: Value, bytes: number): void {
    this.#entries.purgeStale();
    this.#entries.set(key, value, { size: Math.max(1, Math.ceil(bytes)) });
  }

  /** Says how large an entry has become, if it is still this one. */
  resize(key: string, value: Value, bytes: number): void {
    if (this.#entries.peek(key) !== value) return;
    // Set again, the same value would keep the size that it had.
    this.#entries.delete(key);
    this.set(key, value, bytes);
  }

  /** Lets go of an entry, if it is still this one. */
  drop(key: string, value: Value): void {
    if (this.#entries.peek(key) === value) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Entries that are held. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all entries together. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }
}
