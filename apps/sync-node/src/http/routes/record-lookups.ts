import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { lookUpRecords } from '@meldesync/db';
import { foundRecords, LOOK_UP_LIMITS, recordLookUp } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { commonProblems, jsonAnswer, problemAnswer, security, workspaceParams } from './route-parts.ts';

/** Single records by what people call them, for who does not keep all of them. */
export function recordLookUpRoutes(api: OpenAPIHono<ApiEnv>, { database }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/record-lookups',
      operationId: 'lookUpRecords',
      ...access('member'),
      summary: 'Records by id, case id or the beginning of the Vorgangsnummer',
      description:
        'A read: its question is in the body, since a case id must not be in an address. A case id that no record has stands for ' +
        'those that are the same but for capitals and blanks; that reads all records that have a case id.',
      security,
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: recordLookUp } } },
      },
      responses: {
        200: jsonAnswer('The records by id, the first thousand of them', foundRecords),
        ...commonProblems,
        413: problemAnswer('The request is too large'),
        422: problemAnswer('It names something in another form, or too much at once'),
      },
    }),
    async (c) => {
      const { workspace: workspaceId } = c.req.valid('param');
      const input = { ...c.req.valid('json'), workspaceId, limit: LOOK_UP_LIMITS.records };
      return c.json(await lookUpRecords(database.drizzle, input), 200);
    },
  );
}
