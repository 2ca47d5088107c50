import { type CsvRow, findContradictions, type NumberedSegment } from '@meldesync/domain/csv';
import { type CheckedRow, checkRow, contradictoryRow } from './check-row.ts';

/** What the first reading of a file found. */
export type FileCheck =
  | {
      readonly outcome: 'acceptable';
      /** Rows of the file. */
      readonly total: number;
      /** Lines of each Vorgangsnummer that the file has with different contents. */
      readonly contradictions: ReadonlyMap<string, readonly number[]>;
    }
  | {
      readonly outcome: 'refused';
      /** Rows found to be rejected until the file was given up. */
      readonly rejected: number;
      /** The first of them, by line. */
      readonly sample: readonly CheckedRow[];
    };

/** So many rejected rows are shown of a file that is refused for them. */
const SAMPLE_ROWS = 20;

/**
 * Reads a file before anything of it is written: counts its rows, finds contradictions, and refuses it once more than
 * `maxRejected` rows would be rejected. A file of nothing else is given up after as many rows.
 */
export async function checkFile(batches: AsyncIterable<readonly CsvRow[]>, maxRejected: number): Promise<FileCheck> {
  let total = 0;
  const invalid = new Map<number, CheckedRow>();
  async function* readable(): AsyncGenerator<NumberedSegment> {
    for await (const rows of batches) {
      total += rows.length;
      for (const row of rows) {
        const checked = checkRow(row, NO_CONTRADICTIONS);
        if (!checked.accepted) invalid.set(row.line, checked);
        if (invalid.size > maxRejected) return;
        if (row.kind === 'row') yield row;
      }
    }
  }
  const contradictions = await findContradictions(readable());
  const contradictory = [...contradictions].flatMap(([vorgangsnummer, lines]) =>
    lines.flatMap((line) => (invalid.has(line) ? [] : contradictoryRow(line, vorgangsnummer, lines))),
  );
  const rejected = invalid.size + contradictory.length;
  if (rejected <= maxRejected) return { outcome: 'acceptable', total, contradictions };
  const byLine = [...invalid.values(), ...contradictory].sort((a, b) => a.line - b.line);
  return { outcome: 'refused', rejected, sample: byLine.slice(0, SAMPLE_ROWS) };
}

const NO_CONTRADICTIONS: ReadonlyMap<string, readonly number[]> = new Map();
