/** The network address of a request, which the transport says and no client. */
export function addressOf(headers: Headers): string | null {
  return headers.get('x-real-ip');
}
