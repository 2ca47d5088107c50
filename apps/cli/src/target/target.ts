import type { ClientRecord, RecordStore } from '@meldesync/client';
import { CliError } from '../errors.ts';

/** What a person named on the command line: a case with all its records, or one record. */
export type Target =
  | { readonly kind: 'case'; readonly caseId: string; readonly records: readonly ClientRecord[] }
  | { readonly kind: 'record'; readonly record: ClientRecord };

/** A Vorgangsnummer is recognised from this many of its digits. */
export const SHORTEST_PREFIX = 4;

const CANDIDATES_SHOWN = 5;

/**
 * Finds what `text` names: a case id, the number of a record, or the beginning of a Vorgangsnummer; `case:`, `record:`
 * and `vn:` say which. A case id goes before the beginning of a Vorgangsnummer; whatever else is possible in two ways
 * is refused, because an edit must not hit the wrong patient. Throws `targetNotFound`, `targetTooShort` or
 * `targetAmbiguous`.
 */
export function findTarget(text: string, store: RecordStore): Target {
  const [, scope = '', rest = text] = /^(case|record|vn):(.*)$/s.exec(text) ?? [];
  const wants = (kind: string) => scope === '' || scope === kind;
  const inCase = wants('case') ? caseRecords(rest, store) : [];
  const numbered = wants('record') ? recordWithNumber(rest, store) : undefined;
  const prefixed = wants('vn') && inCase.length === 0 ? recordsWithPrefix(rest, store) : [];

  const found: Array<{ name: string; target: Target }> = [];
  if (inCase.length > 0) found.push({ name: `case:${rest}`, target: { kind: 'case', caseId: rest, records: inCase } });
  if (numbered !== undefined) {
    found.push({ name: `record:${numbered.id}`, target: { kind: 'record', record: numbered } });
  }
  for (const record of prefixed) {
    if (record !== numbered) found.push({ name: `vn:${record.vorgangsnummer}`, target: { kind: 'record', record } });
  }

  const [match, ...others] = found;
  if (match === undefined) {
    const isShort = wants('vn') && /^[0-9a-f]+$/i.test(rest) && rest.length < SHORTEST_PREFIX;
    throw isShort
      ? new CliError('targetTooShort', { target: text, minimum: SHORTEST_PREFIX })
      : new CliError('targetNotFound', { target: text });
  }
  if (others.length > 0) {
    const names = found.map(({ name }) => name);
    const shown = names.slice(0, CANDIDATES_SHOWN).join(', ');
    throw new CliError('targetAmbiguous', {
      target: text,
      candidates: names.length > CANDIDATES_SHOWN ? `${shown}, …` : shown,
    });
  }
  return match.target;
}

/** The records a target stands for. */
export function recordsOfTarget(target: Target): readonly ClientRecord[] {
  return target.kind === 'case' ? target.records : [target.record];
}

/** The records of the case a target belongs to: a record without a case id is alone. */
export function recordsOfItsCase(target: Target, store: RecordStore): readonly ClientRecord[] {
  if (target.kind === 'case' || target.record.caseId === null) return recordsOfTarget(target);
  return caseRecords(target.record.caseId, store);
}

function caseRecords(caseId: string, store: RecordStore): ClientRecord[] {
  const wanted = caseId.trim().normalize('NFC');
  return wanted === '' ? [] : [...store.values()].filter((record) => record.caseId === wanted);
}

function recordWithNumber(text: string, store: RecordStore): ClientRecord | undefined {
  return /^\d{1,15}$/.test(text) ? store.get(Number(text)) : undefined;
}

function recordsWithPrefix(text: string, store: RecordStore): ClientRecord[] {
  const prefix = text.toLowerCase().replace(/…$/, '');
  if (prefix.length < SHORTEST_PREFIX || !/^[0-9a-f]{1,64}$/.test(prefix)) return [];
  return [...store.values()].filter((record) => record.vorgangsnummer.startsWith(prefix));
}
