import { type Database, findProof } from '@meldesync/db';
import { DEVICE_CLIENT } from '@meldesync/protocol';
import { APIError } from 'better-auth/api';
import { type DeviceAuthorizationGrant, deviceAuthorization } from 'better-auth/plugins';
import { addressOf } from './address-of.ts';
import { askedOf } from './auth-request.ts';

/** Without vowels, so that no code is a word (RFC 8628 §6.1): 20^8 of them. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const CODE_LENGTH = 8;
/** How long a code that nobody asks for any more is remembered. */
const FORGET_AFTER_MS = 24 * 60 * 60 * 1_000;
/** As much of a User-Agent as a person can read. */
const MAX_AGENT_LENGTH = 200;

/**
 * Sign-in of terminals (RFC 8628): the terminal shows a code, a signed-in person confirms it in the browser within ten minutes.
 * What the terminal says it is and from where it asked is kept with the code, so that it can be shown.
 */
export function terminalSignIn(baseUrl: string, database: Database) {
  return deviceAuthorization({
    expiresIn: '10m',
    interval: '5s',
    generateUserCode: randomCode,
    verificationUri: `${baseUrl}/device`,
    grant: describedTerminal(database),
  });
}

/** Keeps with a code what the terminal says it is, from where it asked, and in which session it was let in. */
const describedTerminal = ({ drizzle }: Database): DeviceAuthorizationGrant => ({
  requestSchemaFields: {},
  deviceCodeSchemaFields: {
    userAgent: { type: 'string', required: false },
    ipAddress: { type: 'string', required: false },
    sessionId: { type: 'string', required: false },
  },
  authorizeRequest: async ({ ctx, request }) => {
    // Whom it is for, only who confirms it may say.
    if (request.client_id !== DEVICE_CLIENT || request.user_id !== undefined)
      throw new APIError('BAD_REQUEST', { error: 'invalid_client', error_description: 'Unknown client' });
    await ctx.context.adapter.deleteMany({
      model: 'deviceCode',
      where: [{ field: 'expiresAt', operator: 'lt', value: new Date(Date.now() - FORGET_AFTER_MS) }],
    });
    return {
      clientId: DEVICE_CLIENT,
      deviceCodeFields: {
        userAgent: ctx.headers?.get('user-agent')?.slice(0, MAX_AGENT_LENGTH) ?? null,
        ipAddress: ctx.headers ? addressOf(ctx.headers) : null,
      },
    };
  },
  // What was allowed and not asked for yet is given up with the session in which it was.
  assertSessionRedemption: async ({ deviceCode: { status, sessionId } }) => {
    if (status !== 'approved') return;
    const letInBy = typeof sessionId === 'string' ? sessionId : '';
    if (!(await findProof(drizzle, letInBy))) throw new APIError('BAD_REQUEST', { error: 'invalid_grant' });
    const flow = askedOf()?.flow;
    if (flow) flow.letInBy = letInBy;
  },
  getVerificationContext: ({ userAgent, ipAddress, expiresAt }) => ({ userAgent, ipAddress, expiresAt }),
});

/** A code that is read out and typed; each letter as likely as any other. */
function randomCode(): string {
  const letters: string[] = [];
  while (letters.length < CODE_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(CODE_LENGTH * 2))) {
      const isFair = byte < 256 - (256 % LETTERS.length);
      if (isFair && letters.length < CODE_LENGTH) letters.push(LETTERS[byte % LETTERS.length] ?? '');
    }
  }
  return letters.join('');
}
