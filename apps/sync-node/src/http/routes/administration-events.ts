import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listEvents } from '@meldesync/db';
import { administrationEventPage } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { actProblems, administeredParams, administratorIn } from './administration-parts.ts';
import { linkNext, pageAnswer, security } from './route-parts.ts';

const pageOfEvents = z.object({
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** What was done to people and workspaces. */
export function administrationEventRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/administration/events',
      operationId: 'listEvents',
      ...access('installation-admin'),
      summary: 'What was done in the whole installation, newest first',
      security,
      request: { query: pageOfEvents },
      responses: { 200: pageAnswer('A page', administrationEventPage), ...actProblems },
    }),
    async (c) => {
      const { before, limit } = c.req.valid('query');
      const input = { workspaceId: null, before: before ?? null, limit };
      const page = await listEvents(database.drizzle, administratorIn(c), input);
      linkNext(c, 'before', page.next);
      return c.json(page, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/administration/workspaces/{workspace}/events',
      operationId: 'listWorkspaceEvents',
      ...access('workspace-admin'),
      summary: 'What was done in a workspace, newest first',
      security,
      request: { params: administeredParams, query: pageOfEvents },
      responses: { 200: pageAnswer('A page', administrationEventPage), ...actProblems },
    }),
    async (c) => {
      const { before, limit } = c.req.valid('query');
      const input = { workspaceId: c.req.valid('param').workspace, before: before ?? null, limit };
      const page = await listEvents(database.drizzle, administratorIn(c), input);
      linkNext(c, 'before', page.next);
      return c.json(page, 200);
    },
  );
}
