import { withTimeout } from '@meldesync/lifecycle';
import { API_PREFIX, limitedRole, type Role, roleAllows } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { addressOf } from '../auth/address-of.ts';
import { isOfAnother, originAllowed } from '../auth/authenticate.ts';
import type { KnownIdentities } from '../auth/known-identities.ts';
import type { HeldLimits, Holder } from '../budgets/held-bytes.ts';
import { shareOfAddress } from '../budgets/share-of-address.ts';
import type { Identity } from '../core/identity.ts';
import { declaredLength } from './message-framing.ts';
import type { BodyLimit } from './request-body.ts';
import { ENTRY_PATHS } from './routes/entry.ts';
import { WORKSPACE_ID } from './workspace-id.ts';

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
/** How many of the largest uploads a node holds at the same time, beside all that is small; of one person it holds one. */
const UPLOADS_AT_ONCE = 2;
/** How long it may take to look up who sends a file: a connection on which nothing is read is closed after ten seconds. */
const LOOK_UP_MS = 5_000;
const SMALL_BODIES_BYTES = 64 * MEBIBYTE;
/** What is held of whom nobody knows yet: of all, and of an address, which may be that of a whole hospital. */
const STRANGERS: HeldLimits['stranger'] = { all: 16 * MEBIBYTE, each: 4 * MEBIBYTE };
/** Of those who are being looked up: of each what came with its head, up to half a mebibyte. */
const UNKNOWN: HeldLimits['unknown'] = { all: 32 * MEBIBYTE, each: 32 * MEBIBYTE };

export interface BodyLimitsOptions {
  readonly identities: KnownIdentities;
  readonly origins: ReadonlySet<string>;
  /** What a person is in a workspace. */
  readonly roleOf: (workspace: string, userId: string) => Promise<Role | undefined>;
  /** Largest file an import takes. */
  readonly importMaxBytes: number;
  readonly logger: Logger;
}

/** How much of bodies a node holds at the same time. */
export function heldLimits(importMaxBytes: number): HeldLimits {
  const uploadBytes = largestUpload(importMaxBytes);
  return {
    person: { all: UPLOADS_AT_ONCE * uploadBytes + SMALL_BODIES_BYTES, each: uploadBytes },
    stranger: STRANGERS,
    unknown: UNKNOWN,
  };
}

function largestUpload(importMaxBytes: number): number {
  return Math.max(MEBIBYTE, FILES_PER_UPLOAD * importMaxBytes);
}

/**
 * How large the body of a request may be. More than a stranger may send is taken from people who are signed in, and into a workspace from those
 * who may do there what it is for: nothing is held of what would be refused.
 */
export function bodyLimits(
  options: BodyLimitsOptions,
): (path: string, headers: Headers) => BodyLimit | Promise<BodyLimit> {
  const maxUploadBytes = largestUpload(options.importMaxBytes);
  return (path, headers) => {
    const isUpload = path.endsWith('/imports');
    const isForApi = path.startsWith(API_PREFIX);
    // Who comes in by a link need not be anybody yet: signing in would not let more of them in.
    if (!isForApi || ENTRY_PATHS.has(path) || (!isUpload && isSmall(headers)))
      return ofStranger(headers, 'payload-too-large');
    return limitOfSender({ path, headers, maxBytes: isUpload ? maxUploadBytes : MAX_BODY_BYTES }, options);
  };
}

/** Whether it says that it is no larger than what anybody may send: nobody needs to be looked up. */
function isSmall(headers: Headers): boolean {
  const declared = declaredLength(headers);
  return declared !== undefined && declared <= MAX_STRANGERS_BYTES;
}

function strangerOf(headers: Headers): Holder {
  return { kind: 'stranger', key: shareOfAddress(addressOf(headers) ?? '') };
}

/** As much as anybody may send. */
function ofStranger(headers: Headers, otherwise: BodyLimit['otherwise']): BodyLimit {
  return { maxBytes: MAX_STRANGERS_BYTES, otherwise, holder: strangerOf(headers) };
}

/** Whoever it is would be looked up once more, and wait once more. */
function nothingNow(headers: Headers): BodyLimit {
  return { maxBytes: 0, otherwise: 'unavailable', holder: strangerOf(headers) };
}

interface Sent {
  readonly path: string;
  readonly headers: Headers;
  readonly maxBytes: number;
}

/** Never rejects. */
async function limitOfSender(sent: Sent, options: BodyLimitsOptions): Promise<BodyLimit> {
  const { headers } = sent;
  if (!originAllowed(headers, options.origins)) return ofStranger(headers, 'foreign-origin');
  try {
    return await withTimeout(lookUp(sent, options), LOOK_UP_MS, () => nothingNow(headers));
  } catch (error) {
    options.logger.event('body-sender-unread', { err: error });
    return nothingNow(headers);
  }
}

async function lookUp({ path, headers, maxBytes }: Sent, options: BodyLimitsOptions): Promise<BodyLimit> {
  const identity = await options.identities.find(headers);
  if (!identity) return ofStranger(headers, 'unauthenticated');
  if (isOfAnother(identity, headers)) return ofStranger(headers, 'signed-in-as-another');
  const holder: Holder = { kind: 'person', key: identity.userId };
  const refusal = await refusalIn(path, identity, options);
  return refusal ? { maxBytes: 0, otherwise: refusal, holder } : { maxBytes, otherwise: 'payload-too-large', holder };
}

/** What of a workspace has bodies that are for those alone who may edit. */
const IN_WORKSPACE = /^\/workspaces\/([^/]+)\/([^/]+)/;
const FOR_EDITORS = new Set(['imports', 'edits', 'records', 'conflicts', 'locks']);

/** Why a person may not send what they do; the route would say the same once all of it has come. */
async function refusalIn(
  path: string,
  identity: Identity,
  { roleOf }: BodyLimitsOptions,
): Promise<'workspace-not-found' | 'forbidden' | undefined> {
  const [, workspace, what = ''] = IN_WORKSPACE.exec(path.slice(API_PREFIX.length)) ?? [];
  if (workspace === undefined) return undefined;
  const held = WORKSPACE_ID.test(workspace) ? await roleOf(workspace, identity.userId) : undefined;
  const role = held && limitedRole(held, workspace, identity);
  if (!role) return 'workspace-not-found';
  return FOR_EDITORS.has(what) && !roleAllows(role, 'editor') ? 'forbidden' : undefined;
}
