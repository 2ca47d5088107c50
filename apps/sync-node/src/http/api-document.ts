import type { OpenAPIHono } from '@hono/zod-openapi';
import { ERROR_CATALOGUE } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';
import { completeDocument } from './complete-document.ts';
import { describeSignIn } from './describe-sign-in.ts';

const INTRODUCTION =
  'How people and programs sign in is under `/api/auth`; what needs a browser (single sign-on, passkeys, setting up a second factor) is not described. Who sends ' +
  'a cookie, or `Sec-Fetch-…` as browsers and `fetch` of Node.js do, sends the `Origin` of the service with all that changes something. ' +
  'A body has at most 1 MiB, of who is not signed in 16 KiB. Fields that are not described may be added to answers. `x-meldesync-access` ' +
  'says of each route who may use it, and whether they must have proved lately who they are. The WebSocket and what goes with it is described ' +
  'by PROTOCOL.md.';

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
    description:
      'The cookie of a sign-in in a browser; its name begins with `__Host-` where the service is reached by https.',
  });
  const codes = Object.entries(ERROR_CATALOGUE)
    .map(([code, { status, en }]) => `- \`${code}\` (${status}): ${en}`)
    .join('\n');
  describeSignIn(api.openAPIRegistry);
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'MeldeSync',
      version: '1',
      description: `${INTRODUCTION}\n\nErrors are problem details (RFC 9457) with one of these codes:\n\n${codes}`,
    },
  });
  return JSON.stringify(completeDocument(document));
}
