import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { askForRetention, eraseCase, listErasures, listRetentionRuns } from '@meldesync/db';
import {
  erasedCase,
  erasureList,
  newErasure,
  newRetentionRun,
  retentionRun,
  retentionRunList,
} from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { actProblems, administeredParams, administratorIn } from './administration-parts.ts';
import { jsonAnswer, security } from './route-parts.ts';

const RUNS = '/administration/retention-runs';
const ERASURES = '/administration/workspaces/{workspace}/erasures';
/** As many runs are listed. */
const LISTED = 50;

/** What goes after its time, and what is erased on request. */
export function retentionRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: RUNS,
      operationId: 'listRetentionRuns',
      ...access('installation-admin'),
      summary: 'The latest runs of retention and what they let go of, newest first',
      security,
      responses: { 200: jsonAnswer('The runs', retentionRunList), ...actProblems },
    }),
    async (c) =>
      c.json({ runs: await listRetentionRuns(database.drizzle, administratorIn(c), { limit: LISTED }) }, 200),
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: RUNS,
      operationId: 'askForRetention',
      ...access('installation-admin', 'recent'),
      summary: 'Asks for a run of retention, or for a count of what it would let go of',
      description: 'A worker takes it up within seconds; `listRetentionRuns` says what became of it.',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: newRetentionRun } } } },
      responses: { 202: jsonAnswer('The run, which has not begun', retentionRun), ...actProblems },
    }),
    async (c) => c.json(await askForRetention(database, administratorIn(c), c.req.valid('json')), 202),
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: ERASURES,
      operationId: 'listErasures',
      ...access('workspace-admin'),
      summary: 'Erasures in a workspace and how far they have come in Redis and archives, newest first',
      security,
      request: { params: administeredParams },
      responses: { 200: jsonAnswer('The erasures', erasureList), ...actProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      return c.json({ erasures: await listErasures(database.drizzle, administratorIn(c), workspace) }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: ERASURES,
      operationId: 'eraseCase',
      ...access('workspace-admin', 'recent'),
      summary:
        'Erases what is held of a case: its records, their history, conflicts, rows of imports, and its name in other texts',
      description:
        'It cannot be undone. That it was done, by whom and why stays on record; a worker goes on with Redis and archives. Backups hold it until they are over their age.',
      security,
      request: {
        params: administeredParams,
        body: { required: true, content: { 'application/json': { schema: newErasure } } },
      },
      responses: { 201: jsonAnswer('How many of each', erasedCase), ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId } = c.req.valid('param');
      return c.json(await eraseCase(database, administratorIn(c), { workspaceId, ...c.req.valid('json') }), 201);
    },
  );
}
