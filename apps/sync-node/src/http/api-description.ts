import { fileURLToPath } from 'node:url';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './api-context.ts';
import { apiDocument } from './api-document.ts';
import { compress, type PreparedAnswer, prepareAnswer } from './prepared-answer.ts';
import { loadIfThere } from './static-files.ts';

/** Where the HTTP API describes itself. */
export const DESCRIPTION_PATH = '/api/openapi.json';
/** Where the build has put it, beside the program that this becomes a part of. */
const BUILT = fileURLToPath(new URL('api/openapi.json', import.meta.url));
const SERVED = { contentType: 'application/json', cacheControl: 'no-cache' };

let description: Promise<PreparedAnswer> | undefined;

/**
 * The description of all routes, made by the build: a node that was killed is missed while it starts. One that runs from its source
 * makes it, once in a process and before it listens, since anybody may ask for it.
 */
export function describeApi(api: OpenAPIHono<ApiEnv>): Promise<PreparedAnswer> {
  description ??= loadIfThere(BUILT, SERVED).then((built) => built ?? makeDescription(api));
  return description;
}

async function makeDescription(api: OpenAPIHono<ApiEnv>): Promise<PreparedAnswer> {
  const body = new TextEncoder().encode(apiDocument(api));
  return prepareAnswer(body, { ...SERVED, compressed: await compress(body) });
}
