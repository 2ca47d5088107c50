import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type InvitationWithSecret,
  invite,
  inviteMany,
  listInvitations,
  renewInvitation,
  revokeInvitation,
  workspaceName,
} from '@meldesync/db';
import { isTimeZone } from '@meldesync/domain';
import {
  importedMembers,
  invitationList,
  type MadeInvitation,
  madeInvitation,
  newInvitation,
} from '@meldesync/protocol';
import { checkedEmail, checkedName, momentOf } from '../../administration/checked-text.ts';
import { importMembers } from '../../administration/import-members.ts';
import { invitationLink } from '../../administration/one-time-link.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { actProblems, administeredParams, administratorIn, invitationParams } from './administration-parts.ts';
import { jsonAnswer, problemAnswer, security } from './route-parts.ts';

const PATH = '/administration/workspaces/{workspace}/invitations';

/** Who is asked into a workspace. Long because each route stands here with all that the API's description says of it. */
export function invitationRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database, people }: ApiServices): void {
  const linkOf = async (workspaceId: string, language: 'de' | 'en') => {
    const workspace = await workspaceName(database.drizzle, workspaceId);
    return ({ invitation, secret }: InvitationWithSecret): MadeInvitation => {
      const { name } = invitation;
      const made = { secret, expiresAt: new Date(invitation.expiresAt) };
      const link = invitationLink(made, { baseUrl: people.baseUrl, language, name, workspace });
      return { invitation, link };
    };
  };

  api.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      operationId: 'listInvitations',
      ...access('workspace-admin'),
      summary: 'The latest invitations, newest first',
      security,
      request: { params: administeredParams },
      responses: { 200: jsonAnswer('The invitations', invitationList), ...actProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const invitations = await listInvitations(database.drizzle, administratorIn(c), workspace);
      return c.json({ invitations }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATH,
      operationId: 'invite',
      ...access('workspace-admin', 'recent'),
      summary: 'Invites somebody by a link that works once, within seven days',
      description: 'The link is told once. An open invitation of the same address ends.',
      security,
      request: {
        params: administeredParams,
        body: { required: true, content: { 'application/json': { schema: newInvitation } } },
      },
      responses: { 201: jsonAnswer('The invitation and its link', madeInvitation), ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId } = c.req.valid('param');
      const { email, name, role, memberExpiresAt } = c.req.valid('json');
      const made = await invite(database, administratorIn(c), {
        workspaceId,
        email: checkedEmail(email),
        name: name === undefined ? null : checkedName(name),
        role,
        memberExpiresAt: momentOf(memberExpiresAt) ?? null,
      });
      return c.json((await linkOf(workspaceId, c.get('language')))(made), 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: `${PATH}/{invitation}/renew`,
      operationId: 'renewInvitation',
      ...access('workspace-admin', 'recent'),
      summary: 'Gives an invitation a new link; the former one leads nowhere',
      security,
      request: { params: invitationParams },
      responses: { 200: jsonAnswer('The invitation and its new link', madeInvitation), ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, invitation: invitationId } = c.req.valid('param');
      const made = await renewInvitation(database, administratorIn(c), { workspaceId, invitationId });
      return c.json((await linkOf(workspaceId, c.get('language')))(made), 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{invitation}`,
      operationId: 'revokeInvitation',
      ...access('workspace-admin'),
      summary: 'Takes an invitation back',
      security,
      request: { params: invitationParams },
      responses: { 204: { description: 'Its link leads nowhere' }, ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, invitation: invitationId } = c.req.valid('param');
      await revokeInvitation(database, administratorIn(c), { workspaceId, invitationId });
      return c.body(null, 204);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: `${PATH}/import`,
      operationId: 'importMembers',
      ...access('workspace-admin', 'recent'),
      summary: 'Invites everybody in a CSV file with the columns email, name, role and expires',
      description:
        'At most 1,000 rows, each with an outcome of its own; who is a member or invited already stays as they are.',
      security,
      request: {
        params: administeredParams,
        query: z.object({
          timeZone: z
            .string()
            .max(64)
            .refine(isTimeZone)
            .optional()
            .openapi({ description: 'By the clock of which IANA time zone days end; else by that of the node' }),
        }),
        body: { required: true, content: { 'text/csv': { schema: z.string() } } },
      },
      responses: {
        200: jsonAnswer('What became of each row', importedMembers),
        ...actProblems,
        413: problemAnswer('The file has too many rows, or is too large'),
        415: problemAnswer('It is no CSV file'),
      },
    }),
    async (c) => {
      const { workspace: workspaceId } = c.req.valid('param');
      const { timeZone } = c.req.valid('query');
      const type = (c.req.header('content-type') ?? '').toLowerCase();
      if (!type.startsWith('text/csv')) throw new ApiError('unsupported-media-type');
      const language = c.get('language');
      const rows = await importMembers(new Uint8Array(await c.req.arrayBuffer()), {
        language,
        timeZone,
        invite: (wanted) => inviteMany(database, administratorIn(c), { workspaceId, rows: wanted }),
        linkOf: await linkOf(workspaceId, language),
      });
      return c.json({ rows }, 200);
    },
  );
}
