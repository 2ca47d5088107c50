import { DEVICE_CODE_PATH, DEVICE_TOKEN_PATH } from './sign-in-routes.ts';

const FORM = 'application/x-www-form-urlencoded';

/**
 * A terminal's question for its token as better-auth takes it: that reads JSON alone there, where RFC 8628 (§3.4) has a form. Any
 * other request stays as it is.
 */
export async function withReadableForm(request: Request): Promise<Request> {
  if (new URL(request.url).pathname !== DEVICE_TOKEN_PATH) return request;
  const type = request.headers.get('content-type')?.toLowerCase() ?? '';
  if (type.split(';', 1)[0]?.trim() !== FORM) return request;
  const fields = Object.fromEntries(new URLSearchParams(await request.text()));
  const headers = new Headers(request.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(fields) });
}

/** What better-auth says in words of its own of a terminal's question that it cannot read, as RFC 6749 (§5.2) does; any other answer as it is. */
export async function withNamedRefusal(answer: Response, pathname: string): Promise<Response> {
  const isQuestion = pathname === DEVICE_CODE_PATH || pathname === DEVICE_TOKEN_PATH;
  if (!isQuestion || (answer.status !== 400 && answer.status !== 415)) return answer;
  const body = (await answer
    .clone()
    .json()
    .catch(() => null)) as { error?: unknown; message?: unknown } | null;
  if (typeof body?.error === 'string') return answer;
  const description = typeof body?.message === 'string' ? body.message : '';
  const error = description.includes('body.grant_type') ? 'unsupported_grant_type' : 'invalid_request';
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  const named = { error, ...(description === '' ? {} : { error_description: description }) };
  return new Response(JSON.stringify(named), { status: 400, headers });
}
