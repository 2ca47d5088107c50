import type { ImportBatch, NotedRow } from '@meldesync/db';
import type { CheckedRow } from './check-row.ts';

/** Puts checked rows together to what one transaction writes; rows that repeat another to the letter are counted once. */
export function toBatch(rows: readonly CheckedRow[]): ImportBatch {
  const accepted = new Map<string, NonNullable<CheckedRow['accepted']>>();
  let repeated = 0;
  for (const { accepted: row } of rows) {
    if (!row) continue;
    const earlier = accepted.get(row.vorgangsnummer);
    if (earlier) repeated += 1;
    accepted.set(row.vorgangsnummer, earlier ? { ...earlier, caseId: earlier.caseId ?? row.caseId } : row);
  }
  return {
    accepted: [...accepted.values()],
    repeated,
    noted: rows.flatMap((row) => (row.findings.length === 0 ? [] : noteOf(row))),
    lastLine: rows.at(-1)?.line ?? 0,
  };
}

/** What is kept of a row that has something to say. */
export function noteOf({ line, accepted, vorgangsnummer, findings }: CheckedRow): NotedRow {
  return { line, outcome: accepted ? 'warned' : 'rejected', vorgangsnummer, findings };
}
