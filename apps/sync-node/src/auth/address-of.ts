/** Where the transport says whose a request is (`readHeaders`). */
export const ADDRESS_HEADER = 'x-real-ip';

/** The network address of a request, which the transport says and no client. */
export function addressOf(headers: Headers): string | null {
  return headers.get(ADDRESS_HEADER);
}
