import { isUtf8 } from 'node:buffer';

/** What a decoder puts in place of bytes that are no UTF-8: in an address uWS has done so already. */
const REPLACED = '\uFFFD';
/** Text by its type; what else there is are files, which say in themselves how they are encoded. */
const TEXT = /^application\/(?:[\w.-]+\+)?(?:json|x-www-form-urlencoded)\s*(?:;|$)/i;

/** Whether the bytes that an address names by `%` are UTF-8, as everything is that is kept. */
export function isUtf8Address({ pathname, search }: URL): boolean {
  return isUtf8(bytesOf(pathname + search));
}

/** Whether an address has come whole. */
export function isWholeAddress(path: string): boolean {
  return !path.includes(REPLACED);
}

/** Whether a body of text is UTF-8; true of one that is no text. */
export function isUtf8Body(body: Uint8Array, contentType: string | null): boolean {
  if (!TEXT.test(contentType ?? '')) return true;
  if (!isUtf8(body)) return false;
  const isForm = contentType?.toLowerCase().includes('x-www-form-urlencoded') === true;
  return !isForm || isUtf8(bytesOf(Buffer.from(body).toString('latin1')));
}

function bytesOf(text: string): Buffer {
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
