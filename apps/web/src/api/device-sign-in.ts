import { createDeviceSignInApi } from '@meldesync/client';
import { getPreferences } from '../preferences/preferences.ts';
import { leaveIfOfAnother } from './api.ts';
import { personOfPage } from './page-person.ts';

/** The calls about a terminal that wants to be signed in, with this browser's sign-in. */
export function deviceSignIn(): ReturnType<typeof createDeviceSignInApi> {
  return createDeviceSignInApi({
    baseUrl: location.origin,
    fetch: (...request) => fetch(...request),
    language: getPreferences().language,
    person: () => personOfPage() ?? undefined,
    onRefused: leaveIfOfAnother,
  });
}
