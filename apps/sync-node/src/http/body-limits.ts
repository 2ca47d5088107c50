import { withTimeout } from '@meldesync/lifecycle';
import { API_PREFIX } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import type { KnownIdentities } from '../auth/known-identities.ts';
import { declaredLength } from './message-framing.ts';
import type { BodyLimit } from './request-body.ts';
import { ENTRY_PATHS } from './routes/entry.ts';

const MEBIBYTE = 1024 * 1024;
/** Of every request that brings no files. */
const MAX_BODY_BYTES = MEBIBYTE;
/**
 * Of whom nobody knows yet: an address and a password. A larger one would take the event loop to be read, and many of them what a
 * node holds for people who are signed in.
 */
const MAX_STRANGERS_BYTES = 16 * 1024;
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

/**
 * How large the body of a request may be. More than a stranger may send is taken from people who are signed in; their role is
 * looked at later.
 */
export function bodyLimits(
  options: BodyLimitsOptions,
): (path: string, headers: Headers) => BodyLimit | Promise<BodyLimit> {
  const maxUploadBytes = Math.max(MAX_BODY_BYTES, options.importMaxBytes * FILES_PER_UPLOAD);
  return (path, headers) => {
    const isUpload = path.endsWith('/imports');
    const isForApi = path.startsWith(API_PREFIX);
    // Who comes in by a link need not be anybody yet: signing in would not let more of them in.
    if (!isForApi || ENTRY_PATHS.has(path) || (!isUpload && isSmall(headers)))
      return { maxBytes: MAX_STRANGERS_BYTES, otherwise: 'payload-too-large' };
    return limitOfSender(headers, isUpload ? maxUploadBytes : MAX_BODY_BYTES, options);
  };
}

/** Whether it says that it is no larger than what anybody may send: nobody needs to be looked up. */
function isSmall(headers: Headers): boolean {
  const declared = declaredLength(headers);
  return declared !== undefined && declared <= MAX_STRANGERS_BYTES;
}

/** Whoever it is would be looked up once more, and wait once more. */
const NOTHING_NOW: BodyLimit = { maxBytes: 0, otherwise: 'unavailable' };

/** Never rejects. */
async function limitOfSender(headers: Headers, maxBytes: number, options: BodyLimitsOptions): Promise<BodyLimit> {
  const { identities, origins, logger } = options;
  if (!originAllowed(headers, origins)) return { maxBytes: MAX_STRANGERS_BYTES, otherwise: 'foreign-origin' };
  try {
    const identity = await withTimeout(identities.find(headers), LOOK_UP_MS, () => 'late' as const);
    if (identity === 'late') return NOTHING_NOW;
    if (!identity) return { maxBytes: MAX_STRANGERS_BYTES, otherwise: 'unauthenticated' };
    if (isOfAnother(identity, headers)) return { maxBytes: MAX_STRANGERS_BYTES, otherwise: 'signed-in-as-another' };
    return { maxBytes, otherwise: 'payload-too-large' };
  } catch (error) {
    logger.event('body-sender-unread', { err: error });
    return NOTHING_NOW;
  }
}
