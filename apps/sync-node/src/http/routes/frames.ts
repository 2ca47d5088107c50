import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { cursor, framePosition, framesPage } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { gzippedJson } from '../gzipped-json.ts';
import { cursorProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

const framesQuery = z.object({
  after: cursor.describe('What the client holds; `next` of the page before'),
  upto: framePosition
    .optional()
    .describe('Position the pages must lead to, such as `to` of a range notice; where the feed stands when absent'),
});

/** What follows on a cursor, for ranges (R3.5) and for who has no WebSocket (R4.3). */
export function framesRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/frames',
      operationId: 'getFramesPage',
      ...access('member'),
      summary: 'A page of the changes after a cursor, those of a record merged',
      description:
        'Each page is one frame, made once for all who ask for it; it may hold more than was asked for. The answer ' +
        '`cursor-too-old` means that the state must be taken from the snapshot.',
      security,
      request: { params: workspaceParams, query: framesQuery },
      responses: { 200: jsonAnswer('A page', framesPage), ...cursorProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      c.set('madeInMs', 0);
      const page = await services.answers.framesPage({ workspace, ...c.req.valid('query') }, (tookMs) =>
        c.set('madeInMs', tookMs),
      );
      return gzippedJson(page, c.req.header('accept-encoding'));
    },
  );
}
