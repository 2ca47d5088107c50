import { CLOSE_CODES, SUBPROTOCOL } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { addressOf } from '../auth/address-of.ts';
import { originAllowed } from '../auth/authenticate.ts';
import type { KnownIdentities } from '../auth/known-identities.ts';
import type { FairGate } from '../budgets/fair-gate.ts';
import { judgeFailure } from '../core/judge-failure.ts';
import type { Admission } from '../core/reception.ts';
import { databaseTrouble } from '../database-trouble.ts';
import { strangersTurn } from '../http/within-budget.ts';
import { RateLimitedError } from '../limits/rate-limited.ts';

export interface AdmissionOptions {
  readonly identities: KnownIdentities;
  readonly origins: ReadonlySet<string>;
  /** Where addresses take turns of which nobody is signed in. */
  readonly strangers: FairGate;
  readonly logger: Logger;
}

/** The subprotocol to answer with: ours if the client offers it, empty otherwise. */
export function chooseSubprotocol(headers: Headers): string {
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  return offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : '';
}

const UNKNOWN: Admission = { isAdmitted: false, code: CLOSE_CODES.unauthenticated, reason: 'not signed in' };

/** Looks at the headers of a connection's request. Never rejects. */
export async function admit(headers: Headers, options: AdmissionOptions): Promise<Admission> {
  if (!chooseSubprotocol(headers)) {
    return { isAdmitted: false, code: CLOSE_CODES.badRequest, reason: `subprotocol ${SUBPROTOCOL} is required` };
  }
  if (!originAllowed(headers, options.origins)) {
    return { isAdmitted: false, code: CLOSE_CODES.forbidden, reason: 'foreign origin', error: 'foreign-origin' };
  }
  try {
    const identity = await options.identities.find(headers);
    if (identity) return { isAdmitted: true, identity, address: addressOf(headers) };
    // Who comes again as soon as they are sent away is sent away later.
    await strangersTurn(options.strangers, headers);
    return UNKNOWN;
  } catch (error) {
    if (error instanceof RateLimitedError) return UNKNOWN;
    const { code, level } = judgeFailure(error, databaseTrouble);
    options.logger.event('session-unread', { err: error }, level);
    const reason = code === 'unavailable' ? 'not ready' : 'internal error';
    return { isAdmitted: false, code: CLOSE_CODES.internal, reason };
  }
}
