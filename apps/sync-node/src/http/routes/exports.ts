import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { authorOf, getImport, recordEvent } from '@meldesync/db';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { limitWork } from '../limit-work.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, importParams, security } from './route-parts.ts';

/** What leaves the service as a file is on record before it does (R5.1). */
export function exportRoutes(api: OpenAPIHono<ApiEnv>, services: Pick<ApiServices, 'database' | 'limits'>): void {
  const { database } = services;
  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/imports/{import}/export',
      operationId: 'exportImportRows',
      ...access('member'),
      summary: 'Puts on record that the rejected rows of an import are kept as a file',
      description:
        'Before the file is made: what cannot be put on record is not exported. The rows are at `listImportRows`.',
      security,
      middleware: limitWork(services, 'exports'),
      request: { params: importParams },
      responses: { 204: { description: 'It is on record' }, ...commonProblems },
    }),
    async (c) => {
      const { workspace, import: id } = c.req.valid('param');
      const found = await getImport(database.drizzle, workspace, id);
      if (!found) throw new ApiError('import-not-found');
      await recordEvent(database.drizzle, authorOf(c.get('identity').userId, originOf(c)), {
        kind: 'records-exported',
        workspaceId: workspace,
        subject: `import:${id}`,
        after: { of: 'rejected-rows', format: 'csv', count: found.rows.rejected },
      });
      return c.body(null, 204);
    },
  );
}
