const UNSURE_MS = 30_000;

/**
 * When a checksum that differs counts (P37): after a snapshot a copy may be ahead of its cursor, so only once both have agreed, or 30 s
 * after the first comparison.
 */
export class SumWatch {
  #hasAgreed = false;
  #firstAt: number | undefined;

  /** Of a copy that begins anew. */
  begin(): void {
    this.#hasAgreed = false;
    this.#firstAt = undefined;
  }

  compare(own: number, theirs: number, now: number): 'agrees' | 'differs' | 'unsure' {
    this.#firstAt ??= now;
    if (own === theirs) {
      this.#hasAgreed = true;
      return 'agrees';
    }
    return this.#hasAgreed || now - this.#firstAt >= UNSURE_MS ? 'differs' : 'unsure';
  }
}
