import { createHash, webcrypto } from 'node:crypto';

/** What tells the files of a request, with their names and in their order, from any others. Each is added up off the event loop. */
export async function digestOfFiles(files: readonly File[]): Promise<string> {
  const all = createHash('sha256');
  for (const file of files) {
    const name = Buffer.from(file.name);
    all.update(`${name.byteLength} `).update(name);
    all.update(new Uint8Array(await webcrypto.subtle.digest('SHA-256', await file.arrayBuffer())));
  }
  return all.digest('base64url');
}
