// Redacts the archives of a folder, for a test that ends it in the middle: `redact-in-process.ts FOLDER ERASURE`.
import { readFile } from 'node:fs/promises';
import { redactArchives } from '../src/jobs/retention/redact-archive.ts';

const [folder = '', file = ''] = process.argv.slice(2);
const { salt, hashes, ...erasure } = JSON.parse(await readFile(file, 'utf8'));
await redactArchives(folder, {
  ...erasure,
  salt: Buffer.from(salt, 'hex'),
  hashes: hashes.map((hash: string) => Buffer.from(hash, 'hex')),
});
