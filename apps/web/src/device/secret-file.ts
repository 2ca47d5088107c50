/** Where the browser keeps it. */
const CACHE = 'meldesync-key';
const ADDRESS = '/device-secret';
const SECRET_BYTES = 32;

/**
 * A secret of this browser, in a file of its own that is gone once it is removed: the cache of answers keeps one for each. What a
 * browser keeps in databases may stay in their logs for long after it was removed, keys included, and opens nothing without this.
 */
export async function makeSecret(): Promise<Uint8Array<ArrayBuffer>> {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  await (await caches.open(CACHE)).put(ADDRESS, new Response(secret));
  return secret;
}

/** Null where there is none. */
export async function readSecret(): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!(await caches.has(CACHE))) return null;
  const kept = await (await caches.open(CACHE)).match(ADDRESS);
  const bytes = kept && new Uint8Array(await kept.arrayBuffer());
  return bytes?.byteLength === SECRET_BYTES ? bytes : null;
}

export async function removeSecret(): Promise<void> {
  // The file itself first: a cache that a page still has open is removed only once that page is gone.
  if (await caches.has(CACHE)) await (await caches.open(CACHE)).delete(ADDRESS);
  await caches.delete(CACHE);
}
