/** A power of two. */
const CHUNK = 256;

/**
 * Whole numbers above 0 and below 2^31 by id, in four bytes each: ids of a workspace lie close together, and hundreds of people of one
 * process hold thousands of them.
 */
export class NumberTable {
  readonly #chunks = new Map<number, Int32Array>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** 0 where there is none. */
  get(id: number): number {
    return this.#chunks.get(Math.floor(id / CHUNK))?.[id % CHUNK] ?? 0;
  }

  set(id: number, value: number): void {
    const key = Math.floor(id / CHUNK);
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) {
      chunk = new Int32Array(CHUNK);
      this.#chunks.set(key, chunk);
    }
    if (chunk[id % CHUNK] === 0) this.#size++;
    chunk[id % CHUNK] = value;
  }

  delete(id: number): void {
    if (this.get(id) === 0) return;
    this.#size--;
    this.#chunks.get(Math.floor(id / CHUNK))?.fill(0, id % CHUNK, (id % CHUNK) + 1);
  }

  clear(): void {
    this.#chunks.clear();
    this.#size = 0;
  }

  ids(): number[] {
    const ids: number[] = [];
    for (const [key, chunk] of this.#chunks) {
      for (let at = 0; at < CHUNK; at++) if (chunk[at] !== 0) ids.push(key * CHUNK + at);
    }
    return ids;
  }
}
