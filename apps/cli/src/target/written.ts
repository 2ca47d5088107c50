import { LOOK_UP_LIMITS } from '@meldesync/protocol';

/** A Vorgangsnummer is recognised from this many of its digits. */
export const SHORTEST_PREFIX = LOOK_UP_LIMITS.shortestPrefix;

/** A target as it was typed, taken apart. */
export interface WrittenTarget {
  /** Without `case:`, `record:` or `vn:`. */
  readonly rest: string;
  readonly mayBeCase: boolean;
  readonly mayBeVorgangsnummer: boolean;
  /** The number of a record. */
  readonly number: number | undefined;
  /** The beginning of a Vorgangsnummer, in lower case and without blanks. */
  readonly start: string | undefined;
}

export function parseWritten(text: string): WrittenTarget {
  const [, scope = '', rest = text] = /^(case|record|vn):(.*)$/s.exec(text.trim()) ?? [];
  const mayBe = (kind: string) => scope === '' || scope === kind;
  return {
    rest,
    mayBeCase: mayBe('case'),
    mayBeVorgangsnummer: mayBe('vn'),
    number: mayBe('record') ? numberIn(rest) : undefined,
    start: mayBe('vn') ? startIn(rest) : undefined,
  };
}

/** Case ids that are the same but for capitals and blanks have this in common. */
export function foldName(caseId: string): string {
  return withoutBlanks(caseId.normalize('NFC')).toLowerCase();
}

export function isHexadecimal(text: string): boolean {
  return /^[0-9a-f]+$/i.test(withoutBlanks(text));
}

function numberIn(text: string): number | undefined {
  const digits = text.trim();
  return /^\d{1,15}$/.test(digits) && Number(digits) > 0 ? Number(digits) : undefined;
}

/** As people copy it: in groups, in capitals, or as a list shows it, with `…` behind its beginning. */
function startIn(text: string): string | undefined {
  const start = withoutBlanks(text).toLowerCase().replace(/…$/, '');
  return start.length >= SHORTEST_PREFIX && /^[0-9a-f]{1,64}$/.test(start) ? start : undefined;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/gu, '');
}
