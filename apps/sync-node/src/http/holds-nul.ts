/** NUL as JSON writes it: an odd number of backslashes before `u0000`. */
const JSON_NUL = /(?<!\\)(?:\\\\)*\\u0000/;
const URL_NUL = /%00/;

/** Whether an address holds a NUL, which no text in Postgres may: nothing has such a name, and no query is to fail over it. */
export function addressHoldsNul(url: URL): boolean {
  return URL_NUL.test(url.pathname) || URL_NUL.test(url.search);
}

/** Whether a body of JSON, or of a form, holds one. Reads a copy: the body is there for others. */
export async function bodyHoldsNul(request: Request): Promise<boolean> {
  if (request.body === null) return false;
  const text = await request.clone().text();
  const isForm = request.headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded');
  return text.includes('\0') || (isForm ? URL_NUL : JSON_NUL).test(text);
}
