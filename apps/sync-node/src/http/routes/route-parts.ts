import { z } from '@hono/zod-openapi';
import { problem } from '@meldesync/protocol';
import type { Context } from 'hono';

/** Path parameters and answers that several routes share. */
export const workspaceParams = z.object({
  workspace: z.uuid().openapi({ param: { name: 'workspace', in: 'path' }, description: 'Workspace id' }),
});

export const recordParams = workspaceParams.extend({
  record: z.coerce
    .number()
    .int()
    .positive()
    .openapi({ param: { name: 'record', in: 'path' }, description: 'Internal id of the record' }),
});

export const importParams = workspaceParams.extend({
  import: z.uuid().openapi({ param: { name: 'import', in: 'path' }, description: 'Import id' }),
});

export const conflictParams = workspaceParams.extend({
  conflict: z.uuid().openapi({ param: { name: 'conflict', in: 'path' }, description: 'Conflict id' }),
});

/** Largest number of an `integer` column: lines and versions. */
export const MAX_INTEGER = 2 ** 31 - 1;

export function pageQuery(maxLimit: number, defaultLimit: number, maxAfter: number = Number.MAX_SAFE_INTEGER) {
  return z.object({
    after: z.coerce
      .number()
      .int()
      .nonnegative()
      .max(maxAfter)
      .default(0)
      .openapi({ description: 'Where the page starts: `next` of the page before' }),
    limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  });
}

const LOCATION = { description: 'Where it can be asked for', required: true, schema: { type: 'string' as const } };

/** An answer with a JSON body. */
export function jsonAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

/** As `jsonAnswer`, of what is changed with `If-Match`: with its version as an entity tag. */
export function taggedAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  const etag = { description: 'Its version, for `If-Match`', required: true, schema: { type: 'string' as const } };
  return { ...jsonAnswer(description, schema), headers: { ETag: etag } };
}

/** Stands once in the description, not with each of some hundred refusals. Made here: schemas of before cannot be named. */
const describedProblem = z.object(problem.shape).openapi('Problem');

/** As `jsonAnswer`, of what can be asked for again. */
export function locatedAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { ...jsonAnswer(description, schema), headers: { Location: LOCATION } };
}

/** As `jsonAnswer`, of a page of a list: `Link` leads to the next one, and is missing on the last (RFC 8288). */
export function pageAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  const link = { description: 'The next page, `rel="next"`; missing on the last', schema: { type: 'string' as const } };
  return { ...jsonAnswer(description, schema), headers: { Link: link } };
}

type Next = string | number | null;

/** Says where the page after this one is, which begins at `next`; nothing where there is none. */
export function linkNext(c: Context, parameter: 'after' | 'before', next: Next): void {
  for (const [name, value] of Object.entries(nextLink(c.req.url, parameter, next))) c.header(name, value);
}

/** The header of the same, for the address of this page. */
export function nextLink(address: string, parameter: 'after' | 'before', next: Next): Record<string, string> {
  if (next === null) return {};
  const { pathname, searchParams } = new URL(address);
  searchParams.set(parameter, String(next));
  return { link: `<${pathname}?${searchParams}>; rel="next"` };
}

/** A refusal, as problem details. */
export const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: describedProblem } },
});

/** What every route under a workspace may answer besides its success. */
export const commonProblems = {
  400: problemAnswer('The request cannot be read'),
  401: problemAnswer('Nobody is signed in'),
  403: problemAnswer('The role does not allow it'),
  404: problemAnswer('Not there, or not in this workspace'),
  409: problemAnswer('The session is of another person than `Meldesync-Person` says'),
  503: problemAnswer('Not available right now: `Retry-After` says when to try again'),
};

export const cursorProblems = {
  ...commonProblems,
  410: problemAnswer('The changes after the cursor are not kept'),
  503: problemAnswer('They are not there yet, or the service is not available right now'),
};

export const bulkEditProblems = {
  ...commonProblems,
  413: problemAnswer('The request is too large'),
  422: problemAnswer('A field cannot have that value'),
};

export const editProblems = {
  ...commonProblems,
  410: problemAnswer('The record has been deleted'),
  412: problemAnswer(
    'The record changed since the version the edit is based on: `conflict` explains it field by field',
  ),
  422: problemAnswer('A field or the state of the case does not allow it, or the key was used for another edit'),
  423: problemAnswer('Another person is editing: `lock` says who'),
  428: problemAnswer('If-Match is missing, or `*`, which names no version'),
};

export const resolutionProblems = {
  ...commonProblems,
  409: problemAnswer('It is settled in another way, or the session is of another person'),
  422: problemAnswer('No such resolution'),
};

export const uploadProblems = {
  ...commonProblems,
  413: problemAnswer('The request is too large'),
  415: problemAnswer('It brings no form of files'),
  422: problemAnswer('The key was used for another request'),
  429: problemAnswer('Too many files wait already: `Retry-After` says when to try again'),
};

export const importProblems = {
  ...commonProblems,
  409: problemAnswer('It has ended in another way, or the session is of another person'),
};

export const ownPasswordProblems = {
  400: commonProblems[400],
  401: commonProblems[401],
  403: problemAnswer('The present password is another'),
  409: problemAnswer('The account has no password, or the session is of another person'),
  422: problemAnswer('Nobody may have the new password: `code` says why'),
  429: problemAnswer('Too many tries'),
  503: commonProblems[503],
};

/** Either way of signing in. */
export const security = [{ bearer: [] }, { session: [] }];
