import { randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { recordVersions } from '@meldesync/db';
import {
  API_PREFIX,
  type LeasedLock,
  leasedLock,
  lockList,
  lockRequest,
  recordLock,
  roleAllows,
} from '@meldesync/protocol';
import type { Context } from 'hono';
import type { HttpLock } from '../../locks/http-locks.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, jsonAnswer, locatedAnswer, problemAnswer, security, workspaceParams } from './route-parts.ts';

const lockParams = workspaceParams.extend({
  lock: z.uuid().openapi({ param: { name: 'lock', in: 'path' }, description: 'Lock id' }),
});

const takeProblems = {
  ...commonProblems,
  404: problemAnswer('A record is not there, or not in this workspace'),
  423: problemAnswer('Another person is editing: `lock` says who, where that is known'),
  429: problemAnswer('One person holds too many locks, or asks too often: `Retry-After` says when to try again'),
};

type Services = Pick<ApiServices, 'locks' | 'httpLocks' | 'database'>;

/** Who is editing what (R1.4, R2.3). */
export function lockRoutes(api: OpenAPIHono<ApiEnv>, services: Services): void {
  readRoutes(api, services);
  takeRoutes(api, services);
  endRoute(api, services);
}

function readRoutes(api: OpenAPIHono<ApiEnv>, { locks }: Services): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/locks',
      operationId: 'listLocks',
      ...access('member'),
      summary: 'The record locks of the workspace',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The locks', lockList), ...commonProblems },
    }),
    async (c) => c.json({ locks: await locks.list(c.req.valid('param').workspace) }, 200),
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/locks/{lock}',
      operationId: 'getLock',
      ...access('member'),
      summary: 'One lock',
      security,
      request: { params: lockParams },
      responses: { 200: jsonAnswer('The lock', recordLock), ...commonProblems },
    }),
    async (c) => {
      const { workspace, lock: id } = c.req.valid('param');
      const lock = (await locks.list(workspace)).find((one) => one.lock === id);
      if (!lock) throw new ApiError('lock-not-found');
      return c.json(lock, 200);
    },
  );
}

function takeRoutes(api: OpenAPIHono<ApiEnv>, { httpLocks, database }: Services): void {
  const versionsOf = (workspaceId: string, ids: readonly number[]) =>
    recordVersions(database.drizzle, { workspaceId, ids });
  /** Read once the lock is held: what others wrote before is in them. */
  const withVersions = async (workspace: string, lock: HttpLock): Promise<LeasedLock> => {
    const versions = await versionsOf(workspace, lock.records);
    return { ...lock, versions: [...versions].map(([record, version]) => ({ record, version })) };
  };

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/locks',
      operationId: 'takeLock',
      ...access('editor'),
      summary: 'Locks records, all of them or none, for as long as the lock is renewed',
      description:
        'It ends after `endsInMs` unless it is renewed; every five seconds is often enough. Another person’s edit of the records is refused ' +
        'meanwhile; whoever takes a lock on the same records in another place as the same person takes it over. `versions` is what an edit is to ' +
        'name with `If-Match`: it, and not the lock, keeps what was written after the lock has ended from being overwritten.',
      security,
      request: {
        params: workspaceParams,
        body: { required: true, content: { 'application/json': { schema: lockRequest } } },
      },
      responses: {
        200: locatedAnswer('The lock that this instance has on the same records, renewed', leasedLock),
        201: locatedAnswer('The lock', leasedLock),
        ...takeProblems,
      },
    }),
    async (c) => {
      requireEditor(c);
      const { workspace } = c.req.valid('param');
      const { records, instance = randomUUID() } = c.req.valid('json');
      const known = await versionsOf(workspace, records);
      if (records.some((record) => !known.has(record))) throw new ApiError('record-not-found');
      const { userId: user } = c.get('identity');
      const answer = await httpLocks.take({ workspace, user, instance, origin: originOf(c) }, records);
      if (answer.outcome === 'refused') throw new ApiError(answer.code);
      if (answer.outcome === 'held') {
        const [lock] = answer.locks;
        throw new ApiError('record-locked', lock && { lock });
      }
      c.header('location', `${API_PREFIX}/workspaces/${workspace}/locks/${answer.lock.lock}`);
      return c.json(await withVersions(workspace, answer.lock), answer.isNew ? 201 : 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/locks/{lock}/renewal',
      operationId: 'renewLock',
      ...access('editor'),
      summary: 'Lets one’s own lock live on, where it was taken over HTTP',
      description:
        'Where it has ended, or somebody took it over, it is `lock-not-found`: what it was taken for may be another by now.',
      security,
      request: { params: lockParams },
      responses: { 200: jsonAnswer('The lock', leasedLock), ...commonProblems },
    }),
    async (c) => {
      requireEditor(c);
      const { workspace, lock } = c.req.valid('param');
      const answer = await httpLocks.renew({ workspace, user: c.get('identity').userId }, lock);
      if (typeof answer === 'string') throw new ApiError(answer);
      return c.json(await withVersions(workspace, answer), 200);
    },
  );
}

function endRoute(api: OpenAPIHono<ApiEnv>, { locks }: Services): void {
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/workspaces/{workspace}/locks/{lock}',
      operationId: 'endLock',
      ...access('editor'),
      summary: 'End a lock: one’s own, as an admin anyone’s; its holder is told',
      security,
      request: { params: lockParams },
      responses: { 204: { description: 'The lock is free' }, ...commonProblems },
    }),
    async (c) => {
      requireEditor(c);
      const { workspace, lock } = c.req.valid('param');
      const { userId } = c.get('identity');
      const isAdmin = c.get('role') === 'admin';
      const answer = await locks.end({ workspace, user: userId, isAdmin, origin: originOf(c) }, lock);
      if (answer !== 'unlocked') throw new ApiError(answer);
      return c.body(null, 204);
    },
  );
}

function requireEditor(c: Context<ApiEnv>): void {
  if (!roleAllows(c.get('role'), 'editor')) throw new ApiError('forbidden');
}
