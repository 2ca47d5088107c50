import type { OpenAPIHono } from '@hono/zod-openapi';
import { ERROR_CATALOGUE } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';
import { completeDocument } from './complete-document.ts';
import { describeSignIn } from './describe-sign-in.ts';
import { registerShared } from './shared-schemas.ts';

const INTRODUCTION = [
  'How people and programs sign in is under `/api/auth`; what needs a browser (single sign-on, passkeys, setting up a second factor) is not described. Who sends ' +
    'a cookie, or `Sec-Fetch-…` as browsers and `fetch` of Node.js do, sends the `Origin` of the service with all that changes something. ' +
    'Fields that are not described may be added to answers. `x-meldesync-access` says of each route who may use it, and whether they must have proved ' +
    'lately who they are. The WebSocket and what goes with it is described by PROTOCOL.md.',
  '**Pages.** Lists have `limit` and either `after` or `before`. An answer has `next`, to be sent as that, which is null on the last page; `Link` with ' +
    '`rel="next"` is the same as an address.',
  '**Versions.** What is changed is named with its version, `If-Match`, which is the `ETag` of what was read; it may name several. `*` is refused. Every `GET` ' +
    'has an `ETag`, and is 304 where `If-None-Match` names it.',
  '**Sending again.** Under its `Idempotency-Key` (8 to 64 of `A–Z a–z 0–9 _ -`) a request may be sent again, for at least 31 days: it is carried out once, and has ' +
    'its first answer again: the record as that edit left it, whatever others have written since. Another request under the same key is `operation-reused`.',
  '**Limits.** A person has 1,000 requests in 10 s, of reads two at a time. A body has at most 1 MiB, of who is not signed in 16 KiB; uploads have limits of ' +
    'their own. What is more is 429. That and 503 have `Retry-After` in seconds.',
  '**HTTP.** `HEAD` goes with every `GET`; `OPTIONS` and 405 name in `Allow` what else there is. Large answers are compressed by `br` or `gzip` where ' +
    '`Accept-Encoding` has it; bodies of requests are not. Text is UTF-8, and refused where it is not. Pages of other origins may call where `TRUSTED_ORIGINS` names them.',
].join('\n\n');

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
  registerShared(api.openAPIRegistry);
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    servers: [{ url: '/' }],
    info: {
      title: 'MeldeSync',
      version: '1',
      description: `${INTRODUCTION}\n\nErrors are problem details (RFC 9457) with one of these codes:\n\n${codes}`,
    },
  });
  return JSON.stringify(completeDocument(document));
}
