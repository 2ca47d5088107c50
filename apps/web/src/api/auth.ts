import { PERSON_HEADER } from '@meldesync/protocol';
import { createAuthClient } from 'better-auth/react';
import { leaveIfOfAnother } from './api.ts';
import { personOfPage } from './page-person.ts';

/** Sign-in and sessions of this browser, as far as they are those of the page's person; the service mounts better-auth under this path. */
export const auth = createAuthClient({
  baseURL: `${location.origin}/api/auth`,
  fetchOptions: {
    onRequest({ headers }) {
      const person = personOfPage();
      if (person !== null) headers.set(PERSON_HEADER, person);
    },
    onError: ({ error }) => leaveIfOfAnother((error as { code?: string }).code),
  },
});
