import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tryOutput } from '../command.mjs';
import { HAPROXY_CONFIGURATION, haproxyEnvironment } from '../haproxy.mjs';
import { ensureHaproxy } from '../haproxy-program.mjs';
import { makeCertificate } from '../throwaway-certificate.mjs';

const PLACE = { host: '127.0.0.1', port: 8080, figuresPort: 8404, nodePorts: [8081, 8082, 8083] };

/** With a certificate, plain HTTP is sent on as well. */
const TLS = [
  ['plain', undefined],
  ['TLS', '127.0.0.1:8079'],
];

async function checkConfiguration() {
  const program = await ensureHaproxy();
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-haproxy-check-'));
  const certificate = join(folder, 'certificate.pem');
  try {
    const { cert, key } = await makeCertificate();
    writeFileSync(certificate, cert + key);
    for (const [way, redirect] of TLS) {
      const settings = haproxyEnvironment({ ...PLACE, certificate: redirect && certificate });
      await run(`haproxy -c (${way})`, program, ['-c', '-f', HAPROXY_CONFIGURATION], {
        env: { ...process.env, ...settings, ...(redirect === undefined ? {} : { MELDESYNC_REDIRECT: redirect }) },
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const version = /version (\S+)/.exec(tryOutput(program, ['-v']) ?? '')?.[1];
  return `${version}: deploy/haproxy/haproxy.cfg is valid, plain and with TLS`;
}

/** @type {{ tool: string, subject: string, run: () => Promise<string> }[]} */
export default [{ tool: 'haproxy', subject: 'deploy/haproxy/haproxy.cfg', run: checkConfiguration }];
