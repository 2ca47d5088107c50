import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { reportCase } from '@meldesync/db';
import { auditExport, auditPage, auditQuery, auditReport, auditReportRequest, mayAudit } from '@meldesync/protocol';
import type { Context } from 'hono';
import { answerAuditQuery } from '../../audit-query/answer-query.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import type { AuditExports } from '../audit-exports.ts';
import { limitWork } from '../limit-work.ts';
import { ApiError } from '../problems.ts';
import { auditProblems, exportAnswer, readerIn } from './audit-parts.ts';
import { jsonAnswer, security, workspaceParams } from './route-parts.ts';

/**
 * The trail of a workspace, for its auditors and admins; every reading of it is itself on record (R5.5). Filters are in the body: a case
 * id must not be in an address. Long because each route says what it takes and answers.
 */
export function auditRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices, exports: AuditExports): void {
  const { database, auditCursors, locks } = services;

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/audit/query',
      operationId: 'queryAudit',
      ...access('auditor'),
      summary: 'A page of the trail, newest first',
      description:
        'What became of records, and who did what else, with the sign-ins of the members. `next` leads to older entries, `newest` to those ' +
        'that come later. The first page is on record as `audit-read`; what its cursors lead to belongs to it.',
      security,
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: auditQuery } } },
      },
      responses: { 200: jsonAnswer('A page', auditPage), ...auditProblems },
    }),
    async (c) => {
      requireAuditor(c);
      const { workspace } = c.req.valid('param');
      const input = { author: readerIn(c), workspaceId: workspace, query: c.req.valid('json') };
      return c.json(await answerAuditQuery({ database, cursors: auditCursors }, input), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/audit/export',
      operationId: 'exportAudit',
      ...access('auditor'),
      summary: 'The trail as a file, oldest entries first',
      description:
        'CSV for spreadsheets, JSON Lines with what the seals are verified by, or FHIR AuditEvents by IHE BALP as a Bundle or a resource a ' +
        'line. It is written as it is read; the end says whether it is whole. On record as `audit-exported`.',
      security,
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: auditExport } } },
      },
      responses: { 200: exportAnswer, ...auditProblems },
    }),
    async (c) => {
      requireAuditor(c);
      const { filter, format } = c.req.valid('json');
      const view = { workspaceId: c.req.valid('param').workspace, filter };
      return exports({ author: readerIn(c), view, format, language: c.get('language') });
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/audit/report',
      operationId: 'reportCase',
      ...access('auditor'),
      summary: 'All that is held about one case',
      description:
        'Its records as they are, their history, notes in it included, conflicts, imports, edits as they were asked for, locks, and who read ' +
        'the trail meanwhile; also of records that were in the case once. On record as `audit-reported`.',
      security,
      middleware: limitWork(services, 'exports'),
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: auditReportRequest } } },
      },
      responses: { 200: jsonAnswer('The report', auditReport), ...auditProblems },
    }),
    async (c) => {
      requireAuditor(c);
      const { workspace } = c.req.valid('param');
      const report = await reportCase(database, {
        author: readerIn(c),
        workspaceId: workspace,
        caseId: c.req.valid('json').case,
        locks: await locks.list(workspace),
      });
      return c.json(report, 200);
    },
  );
}

/** Throws `forbidden` for a member who may not read the trail. */
function requireAuditor(c: Context<ApiEnv>): void {
  if (!mayAudit(c.get('role'))) throw new ApiError('forbidden');
}
