import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { cursor, framesPage, MAX_FRAMES_PER_PAGE } from '@meldesync/protocol';
import { readFrames } from '../../feed/read-frames.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, cursorProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

const framesQuery = z.object({
  after: cursor.describe('The cursor of what is there, or `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(MAX_FRAMES_PER_PAGE).default(500),
});

/** What a client missed, for one that no WebSocket reaches (R4.3). */
export function frameRoutes(api: OpenAPIHono<ApiEnv>, { feeds }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/frames',
      summary: 'A page of the changes after a cursor',
      description: 'Every frame after the cursor without a gap, oldest first. On 410 take a snapshot.',
      security,
      request: { params: workspaceParams, query: framesQuery },
      responses: { 200: jsonAnswer('A page', framesPage), ...cursorProblems, ...commonProblems },
    }),
    async (c) => {
      const { after, limit } = c.req.valid('query');
      const page = await readFrames(await feeds.open(c.req.valid('param').workspace), after, limit);
      if ('refused' in page) throw new ApiError(page.refused);
      const { frames, next, head } = page;
      // Frames are JSON already, in the form of the route's schema.
      const body = `{"frames":[${frames.join(',')}],"next":${JSON.stringify(next)},"head":${JSON.stringify(head)}}`;
      return new Response(body, {
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      }) as never;
    },
  );
}
