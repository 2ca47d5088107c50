import type * as encoding from 'k6/encoding';

function encode(input: string | ArrayBuffer, variant: encoding.Base64Variant = 'std'): string {
  const bytes = typeof input === 'string' ? Buffer.from(input) : Buffer.from(input);
  const text = bytes.toString(variant.endsWith('url') ? 'base64url' : 'base64');
  if (variant === 'url') return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return variant === 'rawstd' ? text.replace(/=+$/, '') : text;
}

function decode(input: string, variant?: encoding.Base64Variant): ArrayBuffer;
function decode(input: string, variant: encoding.Base64Variant, format: 's'): string;
function decode(input: string, _variant: encoding.Base64Variant = 'std', format?: 's'): ArrayBuffer | string {
  const bytes = Buffer.from(input, 'base64');
  return format === 's' ? bytes.toString('utf8') : new Uint8Array(bytes).buffer;
}

/** The module `k6/encoding`. */
export const encodingModule = { b64encode: encode, b64decode: decode } satisfies Omit<typeof encoding, 'default'>;
