import type { OpenAPIHono } from '@hono/zod-openapi';
import { ERROR_CATALOGUE } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';
import { type PreparedAnswer, prepareAnswer } from './prepared-answer.ts';

/** Where the HTTP API describes itself. */
export const DESCRIPTION_PATH = '/api/openapi.json';

/**
 * The OpenAPI document of all routes. It takes some hundred milliseconds of the event loop, so it is made once, before the
 * node listens: anybody may ask for it.
 */
export function describeApi(api: OpenAPIHono<ApiEnv>): Promise<PreparedAnswer> {
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
  return prepareAnswer(new TextEncoder().encode(JSON.stringify(document)), {
    contentType: 'application/json',
    cacheControl: 'no-cache',
    isCompressible: true,
  });
}
