/** How many of the codings that a request names are looked at; a browser names a handful. */
const MAX_CODINGS = 32;
const REFUSED = /^q=0(?:\.0{0,3})?$/i;

/**
 * Whether a request names a content coding as one it takes: `gzip;q=0` refuses it (RFC 9110 §12.5.3). `*` names none, since
 * what is not compressed is always right.
 */
export function acceptsCoding(acceptEncoding: string | null | undefined, coding: 'br' | 'gzip'): boolean {
  return (acceptEncoding ?? '').split(',', MAX_CODINGS).some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    return name.toLowerCase() === coding && !parameters.some((parameter) => REFUSED.test(parameter));
  });
}
