import { randomBytes } from 'node:crypto';
import type * as http from 'k6/http';
import type { PublicPart } from '../public-part.ts';

/** Part of a multipart body. */
export class FileData implements PublicPart<http.FileData> {
  readonly data: string | ArrayBuffer;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: string | ArrayBuffer, filename: string, contentType: string) {
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

interface EncodedBody {
  readonly bytes: Buffer | string | undefined;
  /** Where the script names none itself. */
  readonly contentType?: string;
}

/** A body as it is sent: a text or bytes as they are, an object as a form, one with files as a multipart form. */
export function encodeBody(body: http.RequestBody | null | undefined): EncodedBody {
  if (body === null || body === undefined) return { bytes: undefined };
  if (typeof body === 'string') return { bytes: body };
  if (body instanceof ArrayBuffer) return { bytes: Buffer.from(body) };
  const fields = Object.entries(body);
  if (!fields.some(([, value]) => value instanceof FileData)) {
    return {
      bytes: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, textOf(value)])).toString(),
      contentType: 'application/x-www-form-urlencoded',
    };
  }
  const boundary = randomBytes(16).toString('hex');
  const parts = fields.flatMap(([name, value]) => encodePart(boundary, name, value));
  return {
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** A field of a form; what is neither a text nor a file is written as k6 writes it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encodePart(boundary: string, name: string, value: unknown): Buffer[] {
  const file = value instanceof FileData ? value : undefined;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"${file ? `; filename="${file.filename}"` : ''}`,
    ...(file ? [`Content-Type: ${file.content_type}`] : []),
  ];
  const content = file ? file.data : textOf(value);
  return [
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    typeof content === 'string' ? Buffer.from(content) : Buffer.from(content),
    Buffer.from('\r\n'),
  ];
}
