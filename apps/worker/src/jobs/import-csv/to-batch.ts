import type { AcceptedRow, ImportBatch, ImportPosition, NotedRow } from '@meldesync/db';
import type { CheckedRow } from './check-row.ts';

/** Puts checked rows together to what one transaction writes; rows that repeat another to the letter are counted once. */
export function toBatch(rows: readonly CheckedRow[]): ImportBatch {
  const accepted = acceptedOf(rows);
  return {
    accepted,
    repeated: rows.filter((row) => row.accepted).length - accepted.length,
    noted: rows.flatMap((row) => (row.findings.length === 0 ? [] : noteOf(row))),
    lastLine: rows.at(-1)?.line ?? 0,
  };
}

/** Rows whose records somebody else had locked, once more: what they have to say was noted and counted the first time. */
export function toDeferredBatch(rows: readonly CheckedRow[], { committedLine }: ImportPosition): ImportBatch {
  return { accepted: acceptedOf(rows), repeated: 0, noted: [], lastLine: committedLine };
}

function acceptedOf(rows: readonly CheckedRow[]): AcceptedRow[] {
  const accepted = new Map<string, AcceptedRow>();
  for (const { line, accepted: row } of rows) {
    if (!row) continue;
    const earlier = accepted.get(row.vorgangsnummer);
    accepted.set(row.vorgangsnummer, {
      ...row,
      caseId: earlier?.caseId ?? row.caseId,
      lines: [...(earlier?.lines ?? []), line],
    });
  }
  return [...accepted.values()];
}

/** What is kept of a row that has something to say. */
export function noteOf({ line, accepted, vorgangsnummer, findings }: CheckedRow): NotedRow {
  return { line, outcome: accepted ? 'warned' : 'rejected', vorgangsnummer, findings };
}
