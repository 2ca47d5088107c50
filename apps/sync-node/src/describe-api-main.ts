// For the build: writes what `/api/openapi.json` answers, so that no node has to make it when it starts.
import { createHttpApi } from './http/api.ts';
import type { ApiServices } from './http/api-context.ts';
import { apiDocument } from './http/api-document.ts';

/** No route is called, so none of them is asked for anything. */
const NO_SERVICES = { people: {} } as ApiServices;

process.stdout.write(apiDocument(createHttpApi(NO_SERVICES)));
