import { z } from '@hono/zod-openapi';
import { problem } from '@meldesync/protocol';

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

/** What `If-Match` says that asks for no version (RFC 9110 §13.1.1). */
export const ANY_VERSION = '*';

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
