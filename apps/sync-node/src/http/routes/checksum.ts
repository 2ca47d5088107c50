import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { workspaceChecksum } from '@meldesync/db';
import { type ChecksumAnswer, checksumAnswer, formatCursor } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { SharedAnswers } from '../shared-answers.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

/** What a workspace adds up to in Postgres and in the feed: whoever holds its records can compare. All its records are read for it. */
export function checksumRoutes(api: OpenAPIHono<ApiEnv>, { feeds, database }: ApiServices): void {
  const answers = new SharedAnswers<ChecksumAnswer>(async (workspace) => {
    const feed = await feeds.open(workspace);
    const { position, checksum } = feed;
    const found = await workspaceChecksum(database.drizzle, workspace);
    const cursor = formatCursor(feed.epoch, position);
    return { cursor, feed: checksum, database: found.checksum, records: found.records };
  });

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/checksum',
      operationId: 'getChecksum',
      ...access('member'),
      summary: 'What the records of the workspace add up to',
      description:
        'Equal in Postgres, in the feed and on every screen while nobody writes; else each is of its own moment.',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The checksums', checksumAnswer), ...commonProblems },
    }),
    async (c) => c.json(await answers.ask(c.req.valid('param').workspace), 200),
  );
}
