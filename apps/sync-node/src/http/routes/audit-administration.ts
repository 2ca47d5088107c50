import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { isInstallationAdmin } from '@meldesync/db';
import { auditExport, auditPage, auditQuery } from '@meldesync/protocol';
import type { Context } from 'hono';
import { answerAuditQuery } from '../../audit-query/answer-query.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import type { AuditExports } from '../audit-exports.ts';
import { ApiError } from '../problems.ts';
import { auditProblems, exportAnswer, readerIn } from './audit-parts.ts';
import { jsonAnswer, security } from './route-parts.ts';

/** The trail of all workspaces and of the installation, for who administers it. */
export function administeredAuditRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices, exports: AuditExports): void {
  const { database, accounts, auditCursors } = services;
  const administratorIn = async (c: Context<ApiEnv>) => {
    const author = readerIn(c);
    if (!(await isInstallationAdmin(accounts.drizzle, author))) throw new ApiError('forbidden');
    return author;
  };

  api.openapi(
    createRoute({
      method: 'post',
      path: '/administration/audit/query',
      operationId: 'queryWholeAudit',
      ...access('installation-admin'),
      summary: 'A page of the trail of all workspaces and of the installation, newest first',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: auditQuery } } } },
      responses: { 200: jsonAnswer('A page', auditPage), ...auditProblems },
    }),
    async (c) => {
      const input = { author: await administratorIn(c), workspaceId: null, query: c.req.valid('json') };
      return c.json(await answerAuditQuery({ database, cursors: auditCursors }, input), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/administration/audit/export',
      operationId: 'exportWholeAudit',
      ...access('installation-admin'),
      summary: 'The trail of all workspaces and of the installation as a file, oldest entries first',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: auditExport } } } },
      responses: { 200: exportAnswer, ...auditProblems },
    }),
    async (c) => {
      const author = await administratorIn(c);
      const { filter, format } = c.req.valid('json');
      return exports({ author, view: { workspaceId: null, filter }, format, language: c.get('language') });
    },
  );
}
