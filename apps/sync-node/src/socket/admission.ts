import { CLOSE_CODES, type CloseCode, SUBPROTOCOL } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { type Identity, originAllowed } from '../auth/authenticate.ts';
import type { KnownIdentities } from '../auth/known-identities.ts';

export interface AdmissionOptions {
  readonly identities: KnownIdentities;
  readonly origins: ReadonlySet<string>;
  readonly logger: Logger;
}

/** Whether a connection may stay, and for whom. */
export type Admission =
  | { readonly admitted: true; readonly identity: Identity }
  | { readonly admitted: false; readonly code: CloseCode; readonly reason: string };

/** The subprotocol to answer with: ours if the client offers it, empty otherwise. */
export function chooseSubprotocol(headers: Headers): string {
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  return offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : '';
}

/** Looks at the headers of a connection's request. Never rejects. */
export async function admit(headers: Headers, options: AdmissionOptions): Promise<Admission> {
  if (!chooseSubprotocol(headers)) {
    return { admitted: false, code: CLOSE_CODES.badRequest, reason: `subprotocol ${SUBPROTOCOL} is required` };
  }
  if (!originAllowed(headers, options.origins)) {
    return { admitted: false, code: CLOSE_CODES.forbidden, reason: 'foreign origin' };
  }
  try {
    const identity = await options.identities.find(headers);
    if (identity) return { admitted: true, identity };
    return { admitted: false, code: CLOSE_CODES.unauthenticated, reason: 'not signed in' };
  } catch (error) {
    options.logger.error({ err: error }, 'could not look up the session of a connection');
    return { admitted: false, code: CLOSE_CODES.internal, reason: 'internal error' };
  }
}
