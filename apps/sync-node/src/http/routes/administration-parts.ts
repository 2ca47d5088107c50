import { z } from '@hono/zod-openapi';
import type { Administrator } from '@meldesync/db';
import type { Context } from 'hono';
import { administratorOf } from '../../administration/administrator-of.ts';
import type { ApiEnv } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { ANY_VERSION, commonProblems, problemAnswer } from './route-parts.ts';

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

const BASED_ON = { description: 'ETag or `version` of what the change is based on' };

/** Described as required; where it is missing, the refusal has a code of its own (P61). */
export const ifMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .openapi({ ...BASED_ON, param: { required: true } }),
});

/** Where a version may be left out. */
export const maybeIfMatch = z.object({ 'if-match': z.string().optional().openapi(BASED_ON) });

/** The version that a request is based on; undefined where it names none, or any (P61). Throws `changed-meanwhile` for what can be no version. */
export function versionOf(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === ANY_VERSION) return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(value.trim())?.[1];
  if (version === undefined) throw new ApiError('changed-meanwhile');
  return Number(version);
}

/** The version that a change is based on; throws `precondition-required` where the request names none. */
export function requiredVersion(value: string | undefined): number {
  const version = versionOf(value);
  if (version === undefined) throw new ApiError('precondition-required');
  return version;
}

/** A version as an entity tag (RFC 9110 §8.8.3). */
export const etagOf = ({ version }: { readonly version: number }) => `"${version}"`;

/** Who sends the request, as an event names them. */
export function administratorIn(c: Context<ApiEnv>): Administrator {
  return administratorOf(c.get('identity'), c.req.raw.headers);
}
