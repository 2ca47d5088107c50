import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../scripts/lib/command.mjs';

const run = promisify(execFile);

/** A certificate for `localhost` that nobody trusts, and its key, as PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The program that makes them; undefined where the machine has none. */
export function findOpenssl(): string | undefined {
  return findProgram(['openssl']);
}

/** @param days until it is over; -1: since a day, which is the least that the program takes */
export async function makeCertificate(openssl: string, days: number): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-certificate-'));
  try {
    const [key, request, cert] = ['key.pem', 'request.pem', 'cert.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost'];
    await run(openssl, ['req', '-new', ...kind, '-keyout', key, '-out', request]);
    await run(openssl, ['x509', '-req', '-in', request, '-signkey', key, '-days', String(days), '-out', cert]);
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
