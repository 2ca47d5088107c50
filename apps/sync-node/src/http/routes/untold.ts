import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { ALL_IDS, findUntoldRecords } from '@meldesync/db';
import { type UntoldAnswer, untoldAnswer } from '@meldesync/protocol';
import { SharedAnswers } from '../../shared-answers.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

const NAMED_RECORDS = 100;

/** Which records of a workspace were written past the triggers. All its records are read for it. */
export function untoldRoutes(api: OpenAPIHono<ApiEnv>, { database }: ApiServices): void {
  const answers = new SharedAnswers<UntoldAnswer>(async (workspace) => {
    const untold = await findUntoldRecords(database.drizzle, ALL_IDS, workspace);
    return { count: untold.length, records: untold.slice(0, NAMED_RECORDS).map(({ id }) => id) };
  });

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/untold-records',
      operationId: 'listUntoldRecords',
      ...access('member'),
      summary: 'Records of which no screen was told',
      description:
        'Their content, version or absence is not what their history says: they were written past the triggers of the database. ' +
        'A worker tells of them within a minute.',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('How many, and the first of them', untoldAnswer), ...commonProblems },
    }),
    async (c) => c.json(await answers.ask(c.req.valid('param').workspace), 200),
  );
}
