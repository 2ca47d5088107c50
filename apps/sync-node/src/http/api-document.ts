import type { OpenAPIHono } from '@hono/zod-openapi';
import { ERROR_CATALOGUE } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';

/** The OpenAPI document of all routes, which are the same in every node, as JSON. It takes some hundred milliseconds. */
export function apiDocument(api: OpenAPIHono<ApiEnv>): string {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description:
      'What `set-auth-token` of a sign-in holds (`POST /api/auth/sign-in/email` with `meldesync-session-kind: terminal`), or the token of a ' +
      'program. Where an answer has `set-auth-token` again, that one counts from then on.',
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'meldesync.session_token',
  });
  const codes = Object.entries(ERROR_CATALOGUE)
    .map(([code, { status, en }]) => `- \`${code}\` (${status}): ${en}`)
    .join('\n');
  return JSON.stringify(
    api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'MeldeSync',
        version: '1',
        description: `Errors are problem details (RFC 9457) with one of these codes:\n\n${codes}`,
      },
    }),
  );
}
