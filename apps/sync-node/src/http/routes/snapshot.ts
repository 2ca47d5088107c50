import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listRecords } from '@meldesync/db';
import { recordPage, snapshotPage } from '@meldesync/protocol';
import { listInPieces } from '../../list-in-pieces.ts';
import { systemRuntime } from '../../runtime.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { compressPage } from '../compress-page.ts';
import { gzippedJson } from '../gzipped-json.ts';
import {
  commonProblems,
  jsonAnswer,
  nextLink,
  pageAnswer,
  pageQuery,
  security,
  workspaceParams,
} from './route-parts.ts';

const snapshotQuery = pageQuery(5_000, 2_000).extend({
  edition: z
    .uuid()
    .optional()
    .openapi({ description: '`edition` of the first page: the next ones are then those that others get too' }),
});

/** The workspace's state with the cursor to go on from, and plain pages of it. */
export function snapshotRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/snapshot',
      operationId: 'getSnapshotPage',
      ...access('member'),
      summary: 'A page of all records, with a cursor of the feed',
      description:
        'Take the cursor of the first page, read all pages, then subscribe with that cursor: every page holds at ' +
        'least all changes up to it.',
      security,
      request: { params: workspaceParams, query: snapshotQuery },
      responses: { 200: jsonAnswer('A page', snapshotPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      c.set('madeInMs', 0);
      const page = await services.answers.snapshotPage({ workspace, ...c.req.valid('query') }, (tookMs) =>
        c.set('madeInMs', tookMs),
      );
      return gzippedJson(page, c.req.header('accept-encoding'));
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/records',
      operationId: 'listRecords',
      ...access('member'),
      summary: 'A page of the records by id',
      security,
      request: { params: workspaceParams, query: pageQuery(1_000, 100) },
      responses: { 200: pageAnswer('A page', recordPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const query = { workspaceId: workspace, ...c.req.valid('query') };
      const { records, next } = await listRecords(services.database.drizzle, query);
      const json = `{"records":${await listInPieces(records, systemRuntime)},"next":${next}}`;
      const link = nextLink(c.req.url, 'after', next);
      return gzippedJson(await compressPage(json), c.req.header('accept-encoding'), link);
    },
  );
}
