import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.webmanifest']);
const BROTLI_QUALITY = 9;

interface StaticFile {
  readonly contentType: string;
  readonly etag: string;
  /** Its name carries a hash of its content, so it never changes. */
  readonly immutable: boolean;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly br?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
}

/** The built web app in memory, compressed once. */
export interface StaticFiles {
  /** Answers a path of the web app; paths of pages get `index.html`. Undefined when there is nothing to answer with. */
  answer(request: Request): Response | undefined;
}

/** Reads a folder of built files; an empty set without a folder. */
export async function loadStaticFiles(folder: string | undefined): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  for (const path of folder ? await listFiles(folder) : []) {
    files.set(
      `/${relative(folder ?? '', path)
        .split(sep)
        .join('/')}`,
      await load(path),
    );
  }
  return {
    answer: (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
      const { pathname } = new URL(request.url);
      const isPage = extname(pathname) === '';
      const file = files.get(pathname) ?? (isPage ? files.get('/index.html') : undefined);
      return file && respond(file, request);
    },
  };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function load(path: string): Promise<StaticFile> {
  const extension = extname(path);
  const body = new Uint8Array(await readFile(path));
  const compressed = COMPRESSIBLE.has(extension)
    ? {
        br: new Uint8Array(
          await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
        ),
        gzip: new Uint8Array(await promisify(gzip)(body, { level: 9 })),
      }
    : {};
  return {
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: path.includes(`${sep}assets${sep}`),
    body,
    ...compressed,
  };
}

function respond(file: StaticFile, request: Request): Response {
  const headers = new Headers({
    'content-type': file.contentType,
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (request.headers.get('if-none-match')?.includes(file.etag)) return new Response(null, { status: 304, headers });
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding =
    file.br && accepted.includes('br') ? 'br' : file.gzip && accepted.includes('gzip') ? 'gzip' : undefined;
  if (encoding) headers.set('content-encoding', encoding);
  return new Response((encoding && file[encoding]) ?? file.body, { status: 200, headers });
}
