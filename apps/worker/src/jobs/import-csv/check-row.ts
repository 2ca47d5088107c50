import { createHash } from 'node:crypto';
import type { StoredFinding } from '@meldesync/db';
import { normalisePatch, validateMeldebestaetigung } from '@meldesync/domain';
import type { CsvRow } from '@meldesync/domain/csv';

/** What becomes of a row of the file. */
export interface CheckedRow {
  readonly line: number;
  /** Undefined when the row is rejected. */
  readonly accepted: { vorgangsnummer: string; ibe: string; caseId: string | null } | undefined;
  readonly vorgangsnummer: string | null;
  /** Why it is rejected, or what is doubtful about it. */
  readonly findings: StoredFinding[];
}

const MAX_SHOWN_LENGTH = 64;
const MAX_SHOWN_LINES = 20;

/**
 * Checks a row by the rules of the domain.
 *
 * @param contradictions lines of each Vorgangsnummer that the file has with different contents
 */
export function checkRow(row: CsvRow, contradictions: ReadonlyMap<string, readonly number[]>): CheckedRow {
  const { line } = row;
  if (row.kind === 'rejected') {
    const finding: StoredFinding = { code: row.code, severity: 'error', field: null, params: { ...row.params } };
    return { line, accepted: undefined, vorgangsnummer: null, findings: [finding] };
  }
  const shown = row.vorgangsnummer.slice(0, MAX_SHOWN_LENGTH) || null;
  const lines = contradictions.get(row.vorgangsnummer);
  if (lines) return contradictoryRow(line, row.vorgangsnummer, lines);
  const checked = validateMeldebestaetigung(
    { vorgangsnummer: row.vorgangsnummer, ibe: row.ibe },
    { sha256Hex: (ascii) => createHash('sha256').update(ascii, 'latin1').digest('hex') },
  );
  const findings: StoredFinding[] = checked.findings.map((finding) => ({ ...finding, params: { ...finding.params } }));
  if (!checked.ok) return { line, accepted: undefined, vorgangsnummer: shown, findings };
  const caseId = normalisePatch({ caseId: row.caseId });
  if (!caseId.ok) findings.push({ code: 'case-id-ignored', severity: 'warning', field: null, params: {} });
  return {
    line,
    accepted: {
      vorgangsnummer: checked.vorgangsnummer,
      ibe: checked.ibe,
      caseId: caseId.ok ? (caseId.patch.caseId ?? null) : null,
    },
    vorgangsnummer: shown,
    findings,
  };
}

/** A row whose Vorgangsnummer the file has in several lines with different contents. */
export function contradictoryRow(line: number, vorgangsnummer: string, lines: readonly number[]): CheckedRow {
  const params = { lines: lines.slice(0, MAX_SHOWN_LINES).join(', ') };
  const finding: StoredFinding = { code: 'contradictory-rows', severity: 'error', field: 'vorgangsnummer', params };
  return { line, accepted: undefined, vorgangsnummer, findings: [finding] };
}
