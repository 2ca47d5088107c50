import {
  describeFieldValue,
  isOfKind,
  type Language,
  type Meldebestaetigung,
  SEARCHED_FIELDS,
} from '@meldesync/domain';
import type { CaseFilter, CaseQuery } from '../types/cases.ts';
import { type CaseEntry, recordsOf } from './case-row.ts';
import { fold } from './fold.ts';

/** Whether an entry is in the view of a query. */
export type CaseMatcher = (entry: CaseEntry) => boolean;

const FILTERS: { readonly [Filter in CaseFilter]: CaseMatcher } = {
  all: () => true,
  open: ({ status }) => !status.done,
  incomplete: ({ status }) => status.completeness !== 'complete',
  complete: ({ status }) => status.completeness === 'complete',
  valid: ({ status }) => status.valid,
  done: ({ status }) => status.done,
  'without-case': ({ caseId }) => caseId === null,
};

/** Makes the matcher of a query: its filter, and every word of its text somewhere in the case. */
export function matcherFor({ filter, text }: Pick<CaseQuery, 'filter' | 'text'>): CaseMatcher {
  const passes = FILTERS[filter];
  const words = searchWords(text);
  if (words.length === 0) return passes;
  return (entry) => {
    if (!passes(entry)) return false;
    entry.searchTexts ??= searchTextsOf(entry);
    const texts = entry.searchTexts;
    return words.every((word) => texts.some((text) => text.includes(word)));
  };
}

/** The words of a text that each must occur somewhere in a case. */
export function searchWords(text: string): string[] {
  return fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

const LANGUAGES: readonly Language[] = ['de', 'en'];
const CODED_FIELDS = [
  'typ',
  'indikation',
  'kostentraeger',
  'artDerDaten',
  'artDerSequenzierung',
  'qualitaetskontrolle',
] as const satisfies readonly (keyof Meldebestaetigung)[];

/** What is searched of each record; the case id is the same in all records of a case. */
const SEARCHED_OF_RECORD = SEARCHED_FIELDS.filter((field) => !isOfKind(field, 'case'));

/** What people may type to find the case. The words of its codes are few and shared between all rows. */
function searchTextsOf(entry: CaseEntry): readonly string[] {
  const own: string[] = [entry.caseId ?? ''];
  const texts: string[] = [];
  for (const record of recordsOf(entry)) {
    const { mb, ibe } = record;
    for (const field of SEARCHED_OF_RECORD) own.push(record[field] ?? '');
    if (mb) {
      own.push(mb.hashString, mb.leistungsdatum, describeFieldValue('leistungsdatum', mb.leistungsdatum, 'de'));
      texts.push(wordsOf(mb));
    } else {
      own.push(ibe);
    }
  }
  // A line break is between two texts: no word reaches over it.
  texts.unshift(fold(own.join('\n')));
  return texts;
}

const wordsOfCodes = new Map<string, string>();

function wordsOf(mb: Meldebestaetigung): string {
  const codes = CODED_FIELDS.map((field) => mb[field]).join();
  let words = wordsOfCodes.get(codes);
  if (words === undefined) {
    const described = LANGUAGES.flatMap((language) =>
      CODED_FIELDS.map((field) => describeFieldValue(field, mb[field], language)),
    );
    words = fold(described.join('\n'));
    wordsOfCodes.set(codes, words);
  }
  return words;
}
