import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { ensureProgram } from './ensure-program.mjs';

/**
 * A certificate that nobody trusts, and its key, as PEM.
 * @typedef {{ readonly cert: string, readonly key: string }} Certificate
 */

/**
 * Makes a certificate of its own.
 * @param {object} [options]
 * @param {string} [options.name] of the host that it is for
 * @param {number} [options.days] until it is over; -1: since a day, which is the least that openssl takes
 * @returns {Promise<Certificate>}
 */
export async function makeCertificate({ name = 'localhost', days = 1 } = {}) {
  const openssl = await ensureProgram('openssl', 'openssl');
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-certificate-'));
  try {
    const at = (/** @type {string} */ file) => join(folder, file);
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${name}`];
    writeFileSync(at('extensions'), `subjectAltName=DNS:${name}\n`);
    await run('Making a key', openssl, ['req', '-new', ...kind, '-keyout', at('key'), '-out', at('request')]);
    const signed = ['-signkey', at('key'), '-extfile', at('extensions'), '-days', String(days), '-out', at('cert')];
    await run('Making a certificate', openssl, ['x509', '-req', '-in', at('request'), ...signed]);
    return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
