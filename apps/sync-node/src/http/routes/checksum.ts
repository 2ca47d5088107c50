import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { workspaceChecksum } from '@meldesync/db';
import { checksumAnswer } from '@meldesync/protocol';
import { systemRuntime } from '../../runtime.ts';
import { WorkspaceChecksums } from '../../snapshot/workspace-checksums.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

/** What a workspace adds up to in Postgres and in the feed: whoever holds its records can compare. */
export function checksumRoutes(api: OpenAPIHono<ApiEnv>, { feeds, database }: ApiServices): void {
  const checksums = new WorkspaceChecksums({
    feeds,
    read: (workspace) => workspaceChecksum(database.drizzle, workspace),
    runtime: systemRuntime,
  });

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/checksum',
      operationId: 'getChecksum',
      ...access('member'),
      summary: 'What the records of the workspace add up to',
      description:
        'Equal in Postgres, in the feed and on every screen while nobody writes; else each is of its own moment. All records are read for ' +
        'it; an answer is given again for two seconds while the feed stands where it stood.',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The checksums', checksumAnswer), ...commonProblems },
    }),
    async (c) => c.json(await checksums.ask(c.req.valid('param').workspace), 200),
  );
}
