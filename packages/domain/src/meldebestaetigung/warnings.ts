import { type Finding, makeFinding } from './finding.ts';
import { institutionCheckDigit } from './institution-code.ts';
import { type HashStringFields, TEST_IDENTIFIER } from './meldebestaetigung.ts';

function providerWarning(value: string): Finding | null {
  const field = 'leistungserbringerId';
  if (value === TEST_IDENTIFIER) return null;
  if (!/^[0-9]{9}$/.test(value)) return makeFinding('leistungserbringer-not-ik', field, { value });
  const expected = institutionCheckDigit(value);
  const actual = Number(value[8]);
  if (actual === expected) return null;
  return makeFinding('leistungserbringer-check-digit', field, { value, actual, expected });
}

function testDataWarning({ leistungserbringerId, datenknotenId }: HashStringFields): Finding | null {
  const value = TEST_IDENTIFIER;
  if (leistungserbringerId === value) return makeFinding('test-data', 'leistungserbringerId', { value });
  if (datenknotenId === value) return makeFinding('test-data', 'datenknotenId', { value });
  return null;
}

function nodeKindWarning({ artDerDaten, datenknotenId }: HashStringFields): Finding | null {
  const expectedNode = artDerDaten === 'G' ? 'GRZ' : 'KDK';
  if (datenknotenId === TEST_IDENTIFIER || datenknotenId.startsWith(expectedNode)) return null;
  return makeFinding('datenknoten-kind', 'datenknotenId', { value: datenknotenId, kind: artDerDaten });
}

function sequencingWarning({ artDerDaten, artDerSequenzierung }: HashStringFields): Finding | null {
  if (artDerDaten !== 'G' || artDerSequenzierung !== 0) return null;
  return makeFinding('genomic-without-sequencing', 'artDerSequenzierung', {});
}

/** What is well-formed but doubtful: people decide about it. */
export function findDoubts(fields: HashStringFields): Finding[] {
  return [
    providerWarning(fields.leistungserbringerId),
    testDataWarning(fields),
    nodeKindWarning(fields),
    sequencingWarning(fields),
  ].filter((finding) => finding !== null);
}
