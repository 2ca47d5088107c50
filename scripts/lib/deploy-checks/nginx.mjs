import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../command.mjs';
import { ensureProgram } from '../ensure-program.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { makeCertificate } from '../throwaway-certificate.mjs';

const FILE = 'deploy/nginx/meldesync.conf';

/** What would put queries into a log, believe a client about who it is, or let one shut out all others. */
const FORBIDDEN = [
  {
    pattern: /log_format[^;]*\$(request|request_uri|args|query_string|http_referer)\b/,
    why: 'queries would be logged',
  },
  { pattern: /\$proxy_add_x_forwarded_for/, why: 'X-Forwarded-For is appended to, and must be set' },
  {
    pattern: /^\s*server\s+[\d.:]+(?![^;]*\bmax_fails=0\b)[^;]*;/m,
    why: 'a node is left out where it failed, and a stranger can make it fail: max_fails=0',
  },
];

/**
 * The file as it is, but for where it listens, logs, and has its certificate: none of that is there for whoever only checks.
 * @param {string} folder
 */
function staged(folder) {
  const site = readFileSync(inRoot(FILE), 'utf8')
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replaceAll(/listen (\d+)/g, `listen unix:${folder}/$1.sock`)
    .replaceAll('/etc/ssl/meldesync', folder)
    .replaceAll('/var/log/nginx', folder);
  writeFileSync(join(folder, 'site.conf'), site);
  const main = `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp { include ${folder}/site.conf; }\n`;
  writeFileSync(join(folder, 'nginx.conf'), main);
  return join(folder, 'nginx.conf');
}

/** @type {{ tool: string, subject: string, run: () => Promise<string> }[]} */
export default [
  {
    tool: 'nginx -t',
    subject: FILE,
    run: async () => {
      const nginx = await ensureProgram('nginx', 'nginx-light', ['nginx']);
      const folder = mkdtempSync(join(tmpdir(), 'meldesync-nginx-'));
      try {
        const { cert, key } = await makeCertificate({ name: 'meldesync.example' });
        writeFileSync(join(folder, 'fullchain.pem'), cert);
        writeFileSync(join(folder, 'privkey.pem'), key);
        const { status, output } = await runToEnd(nginx, ['-t', '-c', staged(folder), '-p', folder]);
        if (status !== 0) throw new Failure(output.trim());
        const { output: version } = await runToEnd(nginx, ['-v']);
        return `${/nginx\/\S+/.exec(version)?.[0] ?? 'nginx'}: the syntax is ok, with a certificate to throw away`;
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
  {
    tool: 'privacy, strangers',
    subject: FILE,
    run: async () => {
      const text = readFileSync(inRoot(FILE), 'utf8');
      const found = FORBIDDEN.filter(({ pattern }) => pattern.test(text.replaceAll(/^\s*#.*$/gm, '')));
      if (found.length > 0) throw new Failure(found.map(({ why }) => `${FILE}: ${why}`).join('\n'));
      return 'no queries in its logs, forwarded headers are set, no node is left out for what strangers send';
    },
  },
];
