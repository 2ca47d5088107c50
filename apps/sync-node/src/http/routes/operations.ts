import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { operations, wantedLevel } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, jsonAnswer, security } from './route-parts.ts';

const problems = {
  400: commonProblems[400],
  401: commonProblems[401],
  403: commonProblems[403],
  409: commonProblems[409],
  503: commonProblems[503],
};

/** How the cluster runs, and at which level, for whoever administers at least one workspace (R5.4). */
export function operationsRoutes(api: OpenAPIHono<ApiEnv>, services: Pick<ApiServices, 'operations'>): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/operations',
      operationId: 'getOperations',
      ...access('any-admin'),
      summary: 'How the cluster runs: level, processes, feed, imports, locks, the last 15 minutes',
      description:
        'For admins of at least one workspace; locks are those of the workspaces that they administer. Without Redis it is what the ' +
        'node knows that answers.',
      security,
      responses: { 200: jsonAnswer('How it runs', operations), ...problems },
    }),
    async (c) => {
      const answer = await services.operations.answer(c.get('identity'));
      if (!answer) throw new ApiError('forbidden');
      return c.json(answer, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'put',
      path: '/operations/level',
      operationId: 'setLevel',
      ...access('any-admin'),
      summary: 'Set the level at which the cluster works, or leave it to what is measured',
      description:
        '`reduced` slows imports, `minimal` pauses them and sends changes less often, in `manual` people refresh by hand. It holds ' +
        'until somebody sets `automatic`.',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: wantedLevel } } } },
      responses: { 204: { description: 'It is set' }, ...problems },
    }),
    async (c) => {
      const { level } = c.req.valid('json');
      if (!(await services.operations.choose(c.get('identity'), level, originOf(c)))) throw new ApiError('forbidden');
      return c.body(null, 204);
    },
  );
}
