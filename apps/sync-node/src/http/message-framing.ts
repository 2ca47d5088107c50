/**
 * Whether it is certain where a request ends (RFC 9112 §6.3, §3.2). Where two programs in a row could see two different ends,
 * a stranger could hide one request in another: uWS takes the first of several lengths, and any transfer coding for `chunked`.
 */
export function isWellFramed(headers: Headers): boolean {
  const length = headers.get('content-length');
  const coding = headers.get('transfer-encoding');
  if (length !== null && (coding !== null || !isOneLength(length))) return false;
  if (coding !== null && coding.toLowerCase() !== 'chunked') return false;
  // Repeated headers are joined by commas, and no host has one.
  return !headers.get('host')?.includes(',');
}

/** How many bytes a well framed request says that its body has; undefined where it does not say. */
export function declaredLength(headers: Headers): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number.parseInt(length, 10);
}

/** The same number, however often it is said. */
function isOneLength(value: string): boolean {
  const [first = '', ...others] = value.split(',').map((part) => part.trim());
  return /^\d+$/.test(first) && others.every((other) => other === first);
}
