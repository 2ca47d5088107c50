import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { workspaceChecksum } from '@meldesync/db';
import { checksumAnswer, formatCursor } from '@meldesync/protocol';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

/** What a workspace adds up to in Postgres and in the feed: whoever holds its records can compare. */
export function checksumRoutes(api: OpenAPIHono<ApiEnv>, { feeds, database }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/checksum',
      summary: 'What the records of the workspace add up to',
      description:
        'Equal in Postgres, in the feed and on every screen while nobody writes; else each is of its own moment.',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The checksums', checksumAnswer), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const feed = await feeds.open(workspace);
      const { position, checksum } = feed;
      const found = await workspaceChecksum(database.drizzle, workspace);
      const cursor = formatCursor(feed.epoch, position);
      return c.json({ cursor, feed: checksum, database: found.checksum, records: found.records }, 200);
    },
  );
}
