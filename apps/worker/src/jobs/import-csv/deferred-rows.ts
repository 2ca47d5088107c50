import type { ImportPosition } from '@meldesync/db';
import type { CheckedRow } from './check-row.ts';

/** The rows of a file that are left for later, as they were read. */
export class DeferredRows {
  readonly #rows = new Map<number, CheckedRow>();

  get rows(): readonly CheckedRow[] {
    return [...this.#rows.values()];
  }

  /** Keeps of these rows and those it has the ones that are left at a position. */
  keep(rows: readonly CheckedRow[], { deferredLines }: ImportPosition): void {
    const left = new Set(deferredLines);
    for (const row of rows) if (left.has(row.line)) this.#rows.set(row.line, row);
    for (const line of this.#rows.keys()) if (!left.has(line)) this.#rows.delete(line);
  }
}
