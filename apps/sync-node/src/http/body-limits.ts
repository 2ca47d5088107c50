import { withTimeout } from '@meldesync/lifecycle';
import { API_PREFIX } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import type { KnownIdentities } from '../auth/known-identities.ts';
import type { BodyLimit } from './request-body.ts';
import { SIGN_IN_PREFIX } from './sign-in-routes.ts';

const MEBIBYTE = 1024 * 1024;
/** Of every request that brings no files. */
const MAX_BODY_BYTES = MEBIBYTE;
/** Of the sign-in, whom nobody knows yet: an address and a password. A larger one would take the event loop to be read. */
const MAX_SIGN_IN_BYTES = 16 * 1024;
/** Several files may share a request. One that is larger than an import may be is refused in words of its own. */
const FILES_PER_UPLOAD = 4;
/** How many of the largest uploads a node holds at the same time, beside all that is small. */
const UPLOADS_AT_ONCE = 2;
/** How long it may take to look up who sends a file: a connection on which nothing is read is closed after ten seconds. */
const LOOK_UP_MS = 5_000;
const SMALL_BODIES_BYTES = 64 * MEBIBYTE;

export interface BodyLimitsOptions {
  readonly identities: KnownIdentities;
  readonly origins: ReadonlySet<string>;
  /** Largest file an import takes. */
  readonly importMaxBytes: number;
  readonly logger: Logger;
}

/** How much of bodies a node holds at the same time. */
export function maxHeldBytes(importMaxBytes: number): number {
  return UPLOADS_AT_ONCE * FILES_PER_UPLOAD * importMaxBytes + SMALL_BODIES_BYTES;
}

/** How large the body of a request may be. Files are taken from people who are signed in; their role is looked at later. */
export function bodyLimits(
  options: BodyLimitsOptions,
): (path: string, headers: Headers) => BodyLimit | Promise<BodyLimit> {
  return (path, headers) => {
    if (path.startsWith(SIGN_IN_PREFIX)) return { maxBytes: MAX_SIGN_IN_BYTES, otherwise: 'payload-too-large' };
    if (path.startsWith(API_PREFIX) && path.endsWith('/imports')) return uploadLimit(headers, options);
    return { maxBytes: MAX_BODY_BYTES, otherwise: 'payload-too-large' };
  };
}

/** Whoever it is would be looked up once more, and wait once more. */
const NOTHING_NOW: BodyLimit = { maxBytes: 0, otherwise: 'unavailable' };

/** Never rejects. */
async function uploadLimit(headers: Headers, options: BodyLimitsOptions): Promise<BodyLimit> {
  const { identities, origins, importMaxBytes, logger } = options;
  if (!originAllowed(headers, origins)) return { maxBytes: MAX_BODY_BYTES, otherwise: 'foreign-origin' };
  try {
    const identity = await withTimeout(identities.find(headers), LOOK_UP_MS, () => 'late' as const);
    if (identity === 'late') return NOTHING_NOW;
    if (!identity) return { maxBytes: MAX_BODY_BYTES, otherwise: 'unauthenticated' };
    if (isOfAnother(identity, headers)) return { maxBytes: MAX_BODY_BYTES, otherwise: 'signed-in-as-another' };
    return { maxBytes: Math.max(MAX_BODY_BYTES, importMaxBytes * FILES_PER_UPLOAD), otherwise: 'payload-too-large' };
  } catch (error) {
    logger.warn({ err: error }, 'could not look up who sends a file');
    return NOTHING_NOW;
  }
}
