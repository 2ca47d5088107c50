import type { OpenAPIHono } from '@hono/zod-openapi';
import { ERROR_CATALOGUE } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';
import { compress, type PreparedAnswer, prepareAnswer } from './prepared-answer.ts';

/** Where the HTTP API describes itself. */
export const DESCRIPTION_PATH = '/api/openapi.json';

let description: Promise<PreparedAnswer> | undefined;

/**
 * The OpenAPI document of all routes, which are the same in every node. It takes some hundred milliseconds of the event loop, so
 * it is made once in a process, before a node listens: anybody may ask for it.
 */
export function describeApi(api: OpenAPIHono<ApiEnv>): Promise<PreparedAnswer> {
  description ??= makeDescription(api);
  return description;
}

async function makeDescription(api: OpenAPIHono<ApiEnv>): Promise<PreparedAnswer> {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'meldesync.session_token',
  });
  const codes = Object.entries(ERROR_CATALOGUE)
    .map(([code, { status, en }]) => `- \`${code}\` (${status}): ${en}`)
    .join('\n');
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'MeldeSync',
      version: '1',
      description: `Errors are problem details (RFC 9457) with one of these codes:\n\n${codes}`,
    },
  });
  const body = new TextEncoder().encode(JSON.stringify(document));
  return prepareAnswer(body, {
    contentType: 'application/json',
    cacheControl: 'no-cache',
    compressed: await compress(body),
  });
}
