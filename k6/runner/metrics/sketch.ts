/** Width of a bucket in the logarithm: a value is kept to within 0.1 %. */
const WIDTH = Math.log(1.002);
/** What is nearer to nothing than this counts as nothing. */
const TINY = 1e-6;
/** Makes every key of a value above nothing positive. */
const OFFSET = Math.ceil(-Math.log(TINY) / WIDTH) + 1;

export interface SketchState {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Keys of buckets, each followed by how many values are in it. */
  readonly buckets: Int32Array;
}

function keyOf(value: number): number {
  const size = Math.abs(value);
  if (size < TINY) return 0;
  const key = Math.ceil(Math.log(size) / WIDTH) + OFFSET;
  return value < 0 ? -key : key;
}

function valueOf(key: number): number {
  if (key === 0) return 0;
  return Math.sign(key) * Math.exp((Math.abs(key) - OFFSET - 0.5) * WIDTH);
}

/**
 * Quantiles of any number of values, each within 0.1 % of the exact one, in memory that does not grow with their number. Sketches of
 * several threads add up without loss.
 */
export class Sketch {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  readonly #buckets = new Map<number, number>();

  get count(): number {
    return this.#count;
  }

  get average(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  get max(): number {
    return this.#count === 0 ? 0 : this.#max;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const key = keyOf(value);
    this.#buckets.set(key, (this.#buckets.get(key) ?? 0) + 1);
  }

  /** @param share from 0 to 1; between two values it is interpolated, as k6 does */
  quantile(share: number): number {
    if (this.#count === 0) return 0;
    const rank = (this.#count - 1) * share;
    const keys = [...this.#buckets.keys()].sort((a, b) => a - b);
    const lower = this.#valueAt(keys, Math.floor(rank));
    const upper = this.#valueAt(keys, Math.ceil(rank));
    return lower + (upper - lower) * (rank - Math.floor(rank));
  }

  #valueAt(sortedKeys: readonly number[], rank: number): number {
    if (rank <= 0) return this.#min;
    if (rank >= this.#count - 1) return this.#max;
    let passed = 0;
    for (const key of sortedKeys) {
      passed += this.#buckets.get(key) ?? 0;
      if (passed > rank) return Math.min(this.#max, Math.max(this.#min, valueOf(key)));
    }
    return this.#max;
  }

  state(): SketchState {
    const buckets = new Int32Array(this.#buckets.size * 2);
    let at = 0;
    for (const [key, count] of this.#buckets) {
      buckets[at] = key;
      buckets[at + 1] = count;
      at += 2;
    }
    return { count: this.#count, sum: this.#sum, min: this.#min, max: this.#max, buckets };
  }

  merge({ count, sum, min, max, buckets }: SketchState): void {
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    for (let at = 0; at < buckets.length; at += 2) {
      const key = buckets[at] ?? 0;
      this.#buckets.set(key, (this.#buckets.get(key) ?? 0) + (buckets[at + 1] ?? 0));
    }
  }

  clear(): void {
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    this.#buckets.clear();
  }
}
