import { type Api, type ApiOptions, createApi, SyncError } from '@meldesync/client';
import type { Language } from '@meldesync/domain';
import type { ErrorCode } from '@meldesync/protocol';
import { getPreferences } from '../preferences/preferences.ts';
import { ANOTHER_PERSON, leavePage } from './leave-page.ts';
import { personOfPage } from './page-person.ts';

/** Where the API is and who asks; sentences in its answers come in the language. */
export function apiOptions(language: Language): ApiOptions {
  return {
    baseUrl: location.origin,
    fetch: (...request) => fetch(...request),
    language,
    person: () => personOfPage() ?? undefined,
    onRefused: leaveIfOfAnother,
  };
}

/** Gives what is made for a language, in the language that is chosen now; made once for each. */
export function perLanguage<T>(make: (language: Language) => T): () => T {
  const made = new Map<Language, T>();
  return () => {
    const { language } = getPreferences();
    const known = made.get(language);
    if (known !== undefined) return known;
    const one = make(language);
    made.set(language, one);
    return one;
  };
}

/** The HTTP API with this browser's sign-in. */
export const api: () => Api = perLanguage((language) => createApi(apiOptions(language)));

/** The service says that its answer would be another person's: this page is left. */
export function leaveIfOfAnother(code: string | undefined): void {
  if (code === ('signed-in-as-another' satisfies ErrorCode)) void leavePage(ANOTHER_PERSON);
}

/** The catalogue's code of anything a call rejected with; what is no answer of the service is `internal`. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof SyncError ? error.code : 'internal';
}

/** Whether the service did not answer, or something in its place did. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof SyncError && (error.retryable || (error.problem === null && !isSignedOut(error)));
}

/** Whether nobody is signed in, or no longer. */
export function isSignedOut(error: unknown): boolean {
  return errorCodeOf(error) === 'unauthenticated';
}
