import { SyncError } from '@meldesync/client';
import { DEVICE_CLIENT, TOKEN_HEADER } from '@meldesync/protocol';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { pause } from '../input/pause.ts';
import type { Language } from '../messages/language.ts';
import { type PostAnswer, postJson } from './post-json.ts';
import { waitOf } from './sign-in.ts';

/** A code to be confirmed in a browser (RFC 8628 §3.2). */
export interface DeviceCode {
  readonly userCode: string;
  /** Where it is confirmed. */
  readonly address: string;
  readonly expiresInMs: number;
}

interface DeviceSignInOptions {
  /** Origin of the server. */
  readonly server: string;
  readonly language: Language;
  readonly signal: AbortSignal;
  /** Shows the code to the person, who confirms it meanwhile. */
  readonly show: (code: DeviceCode) => void;
}

const codeAnswer = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url({ protocol: /^https?$/ }),
  expires_in: z.number().positive(),
  interval: z.number().positive().default(5),
});
const refusal = z.object({ error: z.string() });
const granted = z.object({ access_token: z.string() });

/** By how much a terminal polls more slowly each time it is told to (RFC 8628 §3.5). */
const SLOW_DOWN_MS = 5_000;

/**
 * Asks for a code, shows it, and waits until its person has decided. Returns the bearer token; undefined where the server does not
 * know this way. Throws `deviceDenied`, `deviceExpired`, `interrupted`, `serverUnreachable` and what the server reports. While the
 * server is away for a moment it asks on.
 */
export async function signInByDevice(options: DeviceSignInOptions): Promise<string | undefined> {
  const { server, language, signal, show } = options;
  const call = { language, signal };
  const asked = await postJson(new URL('/api/auth/device/code', server), {
    ...call,
    body: { client_id: DEVICE_CLIENT },
  });
  if (asked.status === 404) return undefined;
  throwTrouble(asked, server);
  const code = codeAnswer.safeParse(asked.body);
  if (!code.success) throw new CliError('notAServer', { server });
  const { device_code, user_code, verification_uri, expires_in, interval } = code.data;
  show({ userCode: user_code, address: verification_uri, expiresInMs: expires_in * 1_000 });

  const endsAtMs = Date.now() + expires_in * 1_000;
  let intervalMs = interval * 1_000;
  while (Date.now() < endsAtMs) {
    await pause(intervalMs, signal);
    const answer = await postJson(new URL('/api/auth/device/token', server), {
      ...call,
      body: {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code,
        client_id: DEVICE_CLIENT,
      },
    }).catch((error: unknown) => {
      if (error instanceof CliError && error.key === 'serverUnreachable') return undefined;
      throw error;
    });
    if (answer === undefined || answer.status >= 500 || answer.status === 429) continue;
    const token = answer.header(TOKEN_HEADER) || granted.safeParse(answer.body).data?.access_token;
    if (answer.status === 200 && token) return token;
    const said = refusal.safeParse(answer.body).data?.error;
    if (said === 'slow_down') intervalMs += SLOW_DOWN_MS;
    else if (said === 'access_denied') throw new CliError('deviceDenied');
    else if (said === 'expired_token' || said === 'invalid_grant') throw new CliError('deviceExpired');
    else if (said !== 'authorization_pending') throw new CliError('signInRefused', { status: answer.status });
  }
  throw new CliError('deviceExpired');
}

function throwTrouble({ status, header }: PostAnswer, server: string): void {
  if (status === 200) return;
  if (status === 429) throw new SyncError('rate-limited', waitOf(header));
  if (status === 503) throw new SyncError('unavailable');
  throw status < 500 ? new CliError('signInRefused', { status }) : new CliError('notAServer', { server });
}
