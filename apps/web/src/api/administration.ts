import { type AdministrationApi, createAdministrationApi, createEntryApi, type EntryApi } from '@meldesync/client';
import { apiOptions, perLanguage } from './api.ts';

/** The calls of administration with this browser's sign-in; apart from `api()`, so that only pages that administer load them. */
export const administrationApi: () => AdministrationApi = perLanguage((language) =>
  createAdministrationApi(apiOptions(language)),
);

/** What whoever is not signed in may call. */
export const entryApi: () => EntryApi = perLanguage((language) => createEntryApi(apiOptions(language)));
