import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { WrongSettings } from '@meldesync/config';
import { type PreparedAnswer, prepareAnswer, respondPrepared } from './prepared-answer.ts';

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
/** What the build has written beside a file: the same, compressed. */
const COMPRESSED = new Set(['.br', '.gz']);

/** The built web app in memory, with what the build has compressed. */
export interface StaticFiles {
  /** Answers a path of the web app; paths of pages get `index.html`. Undefined when there is nothing to answer with. */
  answer(request: Request): Response | undefined;
}

/** Reads a folder of built files; an empty set without a folder. Throws `WrongSettings` when it cannot be read. */
export async function loadStaticFiles(folder: string | undefined): Promise<StaticFiles> {
  const files = new Map<string, PreparedAnswer>();
  const paths = folder ? await listFiles(folder).catch(refuseFolder) : [];
  for (const path of paths) {
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
      return file && respondPrepared(file, request);
    },
  };
}

function refuseFolder(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  throw new WrongSettings([{ name: 'WEB_DIR', problem: `must be a folder that can be read (${code})` }]);
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !COMPRESSED.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function load(path: string): Promise<PreparedAnswer> {
  // The name of what is in there carries a hash of its content, so it never changes.
  const isImmutable = path.includes(`${sep}assets${sep}`);
  const file = await loadIfThere(path, {
    contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    cacheControl: isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (!file) throw new Error(`${path} was there a moment ago`);
  return file;
}

/** A file that the build has written, with what it compresses to; undefined where there is none. */
export async function loadIfThere(
  path: string,
  served: Pick<PreparedAnswer, 'contentType' | 'cacheControl'>,
): Promise<PreparedAnswer | undefined> {
  const [body, br, gzip] = await Promise.all([path, `${path}.br`, `${path}.gz`].map(readIfThere));
  return body && prepareAnswer(body, { ...served, compressed: br && gzip && { br, gzip } });
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
