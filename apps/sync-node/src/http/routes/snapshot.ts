import { setTimeout as sleep } from 'node:timers/promises';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { listRecords, snapshotPage as readSnapshotPage } from '@meldesync/db';
import { formatCursor, recordPage, snapshotPage } from '@meldesync/protocol';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, jsonAnswer, pageQuery, security, workspaceParams } from './route-parts.ts';

/** How often and how long to wait for a commit that is in the feed but not yet visible; usually microseconds. */
const VISIBILITY_ATTEMPTS = 200;
const VISIBILITY_DELAY_MS = 5;

/** The workspace's state with the cursor to go on from, and plain pages of it. */
export function snapshotRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/snapshot',
      summary: 'A page of all records, with a cursor of the feed',
      description:
        'Take the cursor of the first page, read all pages, then subscribe with that cursor: every page holds at ' +
        'least all changes up to it.',
      security,
      request: { params: workspaceParams, query: pageQuery(5_000, 2_000) },
      responses: { 200: jsonAnswer('A page', snapshotPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const query = c.req.valid('query');
      const feed = await services.feeds.open(workspace);
      // First the cursor, then the state: what is committed in between is in both, and versions make that harmless.
      const cursor = formatCursor(feed.epoch, feed.position);
      const mustHold = feed.recent.transactions();
      for (let attempt = 0; attempt < VISIBILITY_ATTEMPTS; attempt++) {
        const page = await readSnapshotPage(services.database, { workspaceId: workspace, mustHold, ...query });
        if (page.visible) return c.json({ cursor, records: page.records, next: page.next, total: page.total }, 200);
        await sleep(VISIBILITY_DELAY_MS);
      }
      throw new ApiError('unavailable');
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/records',
      summary: 'A page of the records by id',
      security,
      request: { params: workspaceParams, query: pageQuery(1_000, 100) },
      responses: { 200: jsonAnswer('A page', recordPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const page = await listRecords(services.database.drizzle, { workspaceId: workspace, ...c.req.valid('query') });
      return c.json(page, 200);
    },
  );
}
