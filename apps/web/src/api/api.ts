import { type Api, type ApiOptions, createApi, SyncError } from '@meldesync/client';
import type { Language } from '@meldesync/domain';
import type { ErrorCode } from '@meldesync/protocol';
import { getPreferences } from '../preferences/preferences.ts';
import { ANOTHER_PERSON, leavePage } from './leave-page.ts';
import { personOfPage } from './page-person.ts';

const apis = new Map<Language, Api>();

/** The HTTP API with this browser's sign-in; sentences in its answers come in the chosen language. */
export function api(): Api {
  const { language } = getPreferences();
  const known = apis.get(language);
  if (known) return known;
  const made = createApi(requestOptions());
  apis.set(language, made);
  return made;
}

/** What requests of this page carry, and who hears how they fare. */
export function requestOptions(): ApiOptions {
  return {
    baseUrl: location.origin,
    fetch: (...request) => fetch(...request),
    language: getPreferences().language,
    person: () => personOfPage() ?? undefined,
    onRefused: leaveIfOfAnother,
  };
}

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
