import { randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { getRecord, operationBase, recordAtVersion, recordHistory } from '@meldesync/db';
import {
  type EditItem,
  editRequest,
  editResponse,
  historyEntry,
  historyPage,
  keepReadable,
  operationId,
  recordPatch,
  syncedRecord,
} from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { etagOf, versionsNamed } from '../entity-tags.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import {
  bulkEditProblems,
  commonProblems,
  editProblems,
  jsonAnswer,
  linkNext,
  MAX_INTEGER,
  pageAnswer,
  recordParams,
  security,
  taggedAnswer,
  workspaceParams,
} from './route-parts.ts';

const HISTORY_LIMIT = 100;

/**
 * Single records, their history, and edits with the versions they are based on. Long because each route stands here with all
 * that the API's description says of it.
 */
export function recordRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { database } = services;

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/records/{record}',
      operationId: 'getRecord',
      ...access('member'),
      summary: 'One record; its version is the ETag',
      security,
      request: { params: recordParams },
      responses: { 200: taggedAnswer('The record', syncedRecord), ...commonProblems },
    }),
    async (c) => {
      const { workspace, record: id } = c.req.valid('param');
      const record = await getRecord(database.drizzle, workspace, id);
      if (!record) throw new ApiError('record-not-found');
      c.header('etag', etagOf(record));
      return c.json(record, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/workspaces/{workspace}/records/{record}',
      operationId: 'editRecord',
      ...access('editor'),
      summary: 'Edits a record, if it is still at the version of If-Match',
      security,
      request: {
        params: recordParams,
        headers: z.object({
          // Where it is missing, the refusal has a code of its own (P61).
          'if-match': z
            .string()
            .optional()
            .openapi({
              description: 'ETag of the version the edit is based on; of several, the one that the record is at',
              param: { required: true },
            }),
          'idempotency-key': operationId.optional().openapi({
            description: 'The same request under the same key is carried out once, and has its first answer again',
          }),
        }),
        body: { required: true, content: { 'application/json': { schema: recordPatch } } },
      },
      responses: { 200: taggedAnswer('The record after the edit', syncedRecord), ...editProblems },
    }),
    async (c) => {
      const { workspace, record: id } = c.req.valid('param');
      const headers = c.req.valid('header');
      const { userId } = c.get('identity');
      const operation = headers['idempotency-key'];
      const wanted = { workspaceId: workspace, recordId: id, userId, operation };
      const baseVersion = await baseOf(services, parseIfMatch(headers['if-match']), wanted);
      const item: EditItem = { record: id, baseVersion, set: c.req.valid('json') };
      const [outcome] = await services.answers.edit({
        workspaceId: workspace,
        userId,
        limits: c.get('identity'),
        origin: originOf(c),
        operation: operation ?? randomUUID(),
        items: [item],
        traceparent: c.req.header('traceparent'),
      });
      if (outcome?.outcome === 'conflict') throw new ApiError('version-conflict', { conflict: outcome });
      if (outcome?.outcome !== 'accepted')
        throw new ApiError(outcome?.code ?? 'internal', outcome?.lock && { lock: outcome.lock });
      // As the edit left it: somebody else may have changed it since, and whoever asks must not take that for seen.
      const { version } = outcome;
      const record = await recordAtVersion(database.drizzle, { workspaceId: workspace, recordId: id, version });
      if (!record) throw new ApiError('record-deleted');
      c.header('etag', etagOf(record));
      return c.json(record, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/edits',
      operationId: 'editRecords',
      ...access('editor'),
      summary: 'Edits several records in one transaction, with an outcome each',
      security,
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: editRequest } } },
      },
      responses: { 200: jsonAnswer('The outcomes in the order of the items', editResponse), ...bulkEditProblems },
    }),
    async (c) => {
      const { operation, items } = c.req.valid('json');
      const { workspace: workspaceId } = c.req.valid('param');
      const { userId } = c.get('identity');
      const outcomes = await services.answers.edit({
        workspaceId,
        userId,
        limits: c.get('identity'),
        origin: originOf(c),
        operation,
        items,
        traceparent: c.req.header('traceparent'),
      });
      return c.json({ operation, outcomes }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/records/{record}/history',
      operationId: 'getRecordHistory',
      ...access('member'),
      summary: 'The changes of a record, newest first; also of one that was deleted',
      security,
      request: {
        params: recordParams,
        query: z.object({ before: z.coerce.number().int().positive().max(MAX_INTEGER).optional() }),
      },
      responses: { 200: pageAnswer('A page', historyPage), ...commonProblems },
    }),
    async (c) => {
      const { workspace, record } = c.req.valid('param');
      const page = await recordHistory(database.drizzle, {
        workspaceId: workspace,
        recordId: record,
        before: c.req.valid('query').before ?? null,
        limit: HISTORY_LIMIT,
      });
      if (page.entries.length === 0) throw new ApiError('record-not-found');
      const entries = keepReadable(historyEntry, page.entries, (_, reason) =>
        services.onUnreadable({ place: 'history', workspace, record, reason }),
      );
      linkNext(c, 'before', page.next);
      return c.json({ entries, next: page.next }, 200);
    },
  );
}

/** The versions that an edit may be based on (P61): `*`, whatever the record holds by now, would write over what nobody has seen. */
function parseIfMatch(value: string | undefined): readonly [number, ...number[]] {
  const versions = versionsNamed(value);
  if (!versions) throw new ApiError('precondition-required');
  const [first, ...others] = versions;
  if (first === undefined) throw new ApiError('version-unknown');
  return [first, ...others];
}

interface WantedEdit {
  readonly workspaceId: string;
  readonly recordId: number;
  readonly userId: string;
  readonly operation: string | undefined;
}

/** The one of them that the record is at, or else the last that it has had; of an edit that is sent again, the one that it was based on. */
async function baseOf(
  { database: { drizzle } }: Pick<ApiServices, 'database'>,
  [only, ...others]: readonly [number, ...number[]],
  { workspaceId, recordId, userId, operation }: WantedEdit,
): Promise<number> {
  if (others.length === 0) return only;
  const versions = [only, ...others];
  const before = operation && (await operationBase(drizzle, { workspaceId, operation, userId }));
  if (before && versions.includes(before)) return before;
  const current = (await getRecord(drizzle, workspaceId, recordId))?.version ?? 0;
  const had = versions.filter((version) => version <= current);
  return Math.max(...(had.length > 0 ? had : versions));
}
