import { TOKEN_HEADER } from '@meldesync/protocol';
import { isTerminal } from './session-begin.ts';
import { type SessionKeys, signToken } from './session-tokens.ts';

/** Where RFC 8628 says that a token is. */
const ACCESS_TOKEN = 'access_token';

/**
 * An answer of better-auth without the token of a session: it holds that in its body, and in a header. A terminal gets it in the
 * header, or as the `access_token` of RFC 8628, signed; a browser has its cookie, which scripts cannot read.
 */
export async function withoutTokens(request: Request, response: Response, keys: SessionKeys): Promise<Response> {
  const headers = new Headers(response.headers);
  if (!isTerminal(request.headers)) headers.delete(TOKEN_HEADER);
  const isJson = headers.get('content-type')?.startsWith('application/json') === true;
  if (!isJson || response.body === null) return new Response(response.body, { ...statusOf(response), headers });
  headers.delete('content-length');
  const body = (await response.json()) as unknown;
  // A code of the second factor is asked for: what better-auth has begun meanwhile is over, and its token opens nothing.
  if (isFirstStep(body)) headers.delete(TOKEN_HEADER);
  return new Response(JSON.stringify(cleaned(body, keys)), { ...statusOf(response), headers });
}

/** Where RFC 8628 says at which address a terminal's code is filled in already. */
const WITH_CODE = 'verification_uri_complete';

function answered(name: string, value: string, keys: SessionKeys): string {
  if (name === ACCESS_TOKEN) return signToken(value, keys[0].secret);
  return name === WITH_CODE && URL.canParse(value) ? withCodeInFragment(new URL(value)) : value;
}

/** The page reads the code from where no server and no log sees it. */
function withCodeInFragment(address: URL): string {
  const code = address.searchParams.get('user_code');
  address.search = '';
  address.hash = code ?? '';
  return address.href;
}

const statusOf = ({ status, statusText }: Response) => ({ status, statusText });

function isFirstStep(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'twoFactorRedirect' in body && body.twoFactorRedirect === true;
}

function cleaned(value: unknown, keys: SessionKeys): unknown {
  if (Array.isArray(value)) return value.map((one) => cleaned(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'token');
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, typeof inner === 'string' ? answered(name, inner, keys) : cleaned(inner, keys)]),
  );
}
