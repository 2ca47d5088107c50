import type { ClientRecord } from '@meldesync/client';
import { CliError } from '../errors.ts';
import { foldName, isHexadecimal, parseWritten, SHORTEST_PREFIX, type WrittenTarget } from './written.ts';

/** What a person named on the command line: a case with all its records, or one record. */
export type Target =
  | { readonly kind: 'case'; readonly caseId: string; readonly records: readonly ClientRecord[] }
  | { readonly kind: 'record'; readonly record: ClientRecord };

/** The records that what was written may mean, with the others of their cases. */
export type Candidates = ReadonlyMap<number, ClientRecord>;

const CANDIDATES_SHOWN = 5;

interface Candidate {
  readonly name: string;
  readonly target: Target;
}

/**
 * Finds what `text` names: a case id, the number of a record, or the beginning of a Vorgangsnummer; `case:`, `record:`
 * and `vn:` say which. A case id as it is written goes before all others, and one that differs in capitals and blanks counts where there is none; what
 * is possible in two ways is refused, because an edit must not hit the wrong patient. Throws `targetNotFound`,
 * `targetTooShort` or `targetAmbiguous`.
 */
export function findTarget(text: string, candidates: Candidates): Target {
  const written = parseWritten(text);
  const exact = written.mayBeCase ? exactCase(written.rest, candidates) : [];
  const cases = exact.length > 0 || !written.mayBeCase ? exact : similarCases(written.rest, candidates);
  const numbered = recordNumbered(written, candidates);
  const prefixed = exact.length > 0 ? [] : recordsStarting(written, candidates);
  const found = [...cases, ...numbered, ...prefixed.filter(({ target }) => !isAmong(target, numbered))];

  const [match, ...others] = found;
  if (match === undefined) throw notFound(text, written);
  if (others.length > 0) throw ambiguous(text, found);
  return match.target;
}

/** The records a target stands for. */
export function recordsOfTarget(target: Target): readonly ClientRecord[] {
  return target.kind === 'case' ? target.records : [target.record];
}

/** The records of the case a target belongs to: a record without a case id is alone. */
export function recordsOfItsCase(target: Target, candidates: Candidates): readonly ClientRecord[] {
  if (target.kind === 'case' || target.record.caseId === null) return recordsOfTarget(target);
  return recordsOf(target.record.caseId, candidates);
}

function recordsOf(caseId: string, candidates: Candidates): ClientRecord[] {
  return [...candidates.values()].filter((record) => record.caseId === caseId);
}

function exactCase(written: string, candidates: Candidates): Candidate[] {
  const caseId = written.trim().normalize('NFC');
  const records = caseId === '' ? [] : recordsOf(caseId, candidates);
  return records.length === 0 ? [] : [{ name: `case:${caseId}`, target: { kind: 'case', caseId, records } }];
}

/** Cases whose id is the same but for capitals and blanks. */
function similarCases(written: string, candidates: Candidates): Candidate[] {
  const wanted = foldName(written);
  if (wanted === '') return [];
  const ids = new Set([...candidates.values()].flatMap(({ caseId }) => caseId ?? []));
  return [...ids].filter((caseId) => foldName(caseId) === wanted).flatMap((caseId) => exactCase(caseId, candidates));
}

function recordNumbered({ number }: WrittenTarget, candidates: Candidates): Candidate[] {
  const record = number === undefined ? undefined : candidates.get(number);
  return record === undefined ? [] : [{ name: `record:${record.id}`, target: { kind: 'record', record } }];
}

function recordsStarting({ start }: WrittenTarget, candidates: Candidates): Candidate[] {
  if (start === undefined) return [];
  return [...candidates.values()]
    .filter(({ vorgangsnummer }) => vorgangsnummer.startsWith(start))
    .map((record) => ({ name: `vn:${record.vorgangsnummer}`, target: { kind: 'record', record } }));
}

function isAmong(target: Target, others: readonly Candidate[]): boolean {
  return others.some(
    ({ target: other }) => other.kind === 'record' && target.kind === 'record' && other.record.id === target.record.id,
  );
}

function notFound(text: string, { mayBeVorgangsnummer, rest, start }: WrittenTarget): CliError {
  return mayBeVorgangsnummer && start === undefined && isHexadecimal(rest)
    ? new CliError('targetTooShort', { target: text, minimum: SHORTEST_PREFIX })
    : new CliError('targetNotFound', { target: text });
}

function ambiguous(text: string, found: readonly Candidate[]): CliError {
  const names = found.map(({ name }) => name);
  const shown = names.slice(0, CANDIDATES_SHOWN).join(', ');
  const candidates = names.length > CANDIDATES_SHOWN ? `${shown}, …` : shown;
  return new CliError('targetAmbiguous', { target: text, candidates });
}
