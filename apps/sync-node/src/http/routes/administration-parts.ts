import { z } from '@hono/zod-openapi';
import type { Administrator } from '@meldesync/db';
import type { Context } from 'hono';
import { administratorOf } from '../../administration/administrator-of.ts';
import type { ApiEnv } from '../api-context.ts';
import { versionsNamed } from '../entity-tags.ts';
import { ApiError, isCoded } from '../problems.ts';
import { commonProblems, problemAnswer } from './route-parts.ts';

const inPath = (name: string, description: string) => ({ param: { name, in: 'path' as const }, description });

/** Path parameters of administration. Ids are as we write them, for events name them so. */
export const administeredParams = z.object({
  workspace: z.uuid().toLowerCase().openapi(inPath('workspace', 'Workspace id')),
});
export const accountParams = z.object({
  account: z.string().min(1).max(100).openapi(inPath('account', 'Account id')),
});
export const memberParams = administeredParams.extend(accountParams.shape);
export const invitationParams = administeredParams.extend({
  invitation: z.uuid().toLowerCase().openapi(inPath('invitation', 'Invitation id')),
});
export const tokenParams = memberParams.extend({
  token: z.string().min(1).max(100).openapi(inPath('token', 'Token id')),
});

/** What acts of administration may answer besides their success. */
export const actProblems = {
  ...commonProblems,
  403: problemAnswer('One may not, or has to prove once more who one is: `reauthentication-needed`'),
  409: problemAnswer('As things are it cannot be done, or the session is of another person'),
  422: problemAnswer('A name, an address or an end is none'),
};
export const changeProblems = {
  ...actProblems,
  412: problemAnswer('Somebody else has changed it since the version of If-Match'),
  428: problemAnswer('If-Match is missing, or `*`, which names no version'),
};

const BASED_ON = { description: 'ETag or `version` of what the change is based on; of several, the present one' };

/** Described as required; where it is missing, the refusal has a code of its own (P61). */
export const ifMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .openapi({ ...BASED_ON, param: { required: true } }),
});

/** Where a version may be left out. */
export const maybeIfMatch = z.object({ 'if-match': z.string().optional().openapi(BASED_ON) });

/** Makes a change on the one of the versions that a request names which is the present one; throws `precondition-required` where it names none. */
export async function onVersion<Result>(
  ifMatch: string | undefined,
  change: (version: number) => Promise<Result>,
): Promise<Result> {
  const versions = versionsOf(ifMatch);
  if (!versions) throw new ApiError('precondition-required');
  return onFirst(versions, change);
}

/** The same where the request may leave the version out. */
export function onMaybeVersion<Result>(
  ifMatch: string | undefined,
  change: (version: number | undefined) => Promise<Result>,
): Promise<Result> {
  return onFirst(versionsOf(ifMatch) ?? [undefined], change);
}

/** Versions that a request is based on; undefined where it names none, or any (P61). A single one may come without quotes. */
function versionsOf(ifMatch: string | undefined): readonly number[] | undefined {
  const isBare = ifMatch !== undefined && /^\s*\d{1,9}\s*$/.test(ifMatch);
  return isBare ? [Number(ifMatch)] : versionsNamed(ifMatch);
}

/** Throws `changed-meanwhile` where none of them is the present one. */
async function onFirst<Version, Result>(
  versions: readonly Version[],
  change: (version: Version) => Promise<Result>,
): Promise<Result> {
  for (const [at, version] of versions.entries()) {
    try {
      return await change(version);
    } catch (error) {
      if (at === versions.length - 1 || !isCoded(error, 'changed-meanwhile')) throw error;
    }
  }
  throw new ApiError('changed-meanwhile');
}

/** Who sends the request, as an event names them. */
export function administratorIn(c: Context<ApiEnv>): Administrator {
  return administratorOf(c.get('identity'), c.req.raw.headers);
}
