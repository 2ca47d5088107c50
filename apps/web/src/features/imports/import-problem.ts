import { describeImportFinding, type Language } from '@meldesync/domain';
import { describeError, ERROR_CATALOGUE, type ErrorCode, type ImportSummary } from '@meldesync/protocol';

/** Why a file as a whole was not taken over, in a sentence: something about the file, or an error of the service. */
export function describeImportError(error: NonNullable<ImportSummary['error']>, language: Language): string {
  const sentence = describeImportFinding(error, language);
  if (sentence !== error.code) return sentence;
  return describeError(isCatalogued(error.code) ? error.code : 'internal', language);
}

function isCatalogued(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code);
}
