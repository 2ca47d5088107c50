import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadStaticFiles, type StaticFiles } from './static-files.ts';
import { readBody } from './whole-body.ts';

const PAGE = '<!doctype html><title>MeldeSync</title>';
const SCRIPT = `export const text = '${'a'.repeat(2_000)}';`;

let folder: string;
let files: StaticFiles;

/** A file as the build leaves it, with what it compresses to beside it. */
async function write(name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await Promise.all([
    writeFile(path, text),
    writeFile(`${path}.br`, brotliCompressSync(text)),
    writeFile(`${path}.gz`, gzipSync(text)),
  ]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-web-'));
  await mkdir(join(folder, 'assets'));
  await write('index.html', PAGE);
  await write(join('assets', 'index-abc123.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'font.woff2'), new Uint8Array([1, 2, 3]));
  files = await loadStaticFiles(folder);
});
afterAll(() => rm(folder, { recursive: true }));

function answer(path: string, headers: Record<string, string> = {}, method = 'GET'): Response | undefined {
  return files.answer(new Request(`http://localhost${path}`, { headers, method }));
}

async function bytes(response: Response | undefined): Promise<Uint8Array> {
  return response ? readBody(response) : new Uint8Array();
}

it.each(['/', '/index.html', '/w/6f1c0a7e/cases', '/sign-in'])(
  '%s is the page of the app, asked for anew each time',
  async (path) => {
    const response = answer(path);
    expect(response?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response?.headers.get('cache-control')).toBe('no-cache');
    expect(Buffer.from(await bytes(response)).toString()).toBe(PAGE);
  },
);

it('what carries a hash in its name may be kept for ever', () => {
  const { headers } = answer('/assets/index-abc123.js') ?? {};
  expect(headers?.get('cache-control')).toContain('immutable');
  expect(headers?.get('content-type')).toBe('text/javascript; charset=utf-8');
});

it.each([
  ['br, gzip', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['gzip;q=0, zebra', null],
  ['identity', null],
  ['', null],
])('Accept-Encoding "%s" is answered in %s', async (accepted, encoding) => {
  const response = answer('/assets/index-abc123.js', { 'accept-encoding': accepted });
  expect(response?.headers.get('content-encoding')).toBe(encoding);
  expect(response?.headers.get('vary')).toBe('accept-encoding');
  const body = await bytes(response);
  const plain = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
  expect(Buffer.from(plain).toString()).toBe(SCRIPT);
  if (encoding) expect(body.byteLength).toBeLessThan(SCRIPT.length / 10);
});

it('what is compressed already is sent as it is', () => {
  expect(answer('/assets/font.woff2', { 'accept-encoding': 'br' })?.headers.get('content-encoding')).toBeNull();
});

it('what the browser has already is not sent again', async () => {
  const etag = answer('/')?.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  const again = answer('/', { 'if-none-match': `W/"other", ${etag}` });
  expect(again?.status).toBe(304);
  expect(again?.headers.get('etag')).toBe(etag);
  expect(await bytes(again)).toHaveLength(0);
  expect(answer('/', { 'if-none-match': '"other"' })?.status).toBe(200);
});

it.each([
  '/assets/missing.js',
  '/favicon.ico',
  '/../package.json',
  '/assets/../../package.json',
  '/%2e%2e/package.json',
])('%s is not there', (path) => {
  expect(answer(path)).toBeUndefined();
});

it('what is read once is never copied again', async () => {
  for (const encoding of ['br', 'gzip', '']) {
    const [first, again] = [0, 1].map(() => answer('/assets/index-abc123.js', { 'accept-encoding': encoding }));
    expect((await bytes(first)).buffer).toBe((await bytes(again)).buffer);
  }
});

it('answers GET and HEAD alone', () => {
  expect(answer('/', {}, 'HEAD')?.status).toBe(200);
  for (const method of ['POST', 'PUT', 'DELETE']) expect(answer('/', {}, method)).toBeUndefined();
});

it('without a folder there is nothing', async () => {
  const none = await loadStaticFiles(undefined);
  expect(none.answer(new Request('http://localhost/'))).toBeUndefined();
});
