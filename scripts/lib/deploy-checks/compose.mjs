import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SETTINGS } from '../../../packages/config/src/catalogue.mjs';
import { isKnownSetting } from '../chart-settings.mjs';
import { run, runToEnd } from '../command.mjs';
import { Failure } from '../failure.mjs';
import { inRoot } from '../paths.mjs';
import { ensurePythonTool } from '../python-tools.mjs';

const COMPOSE = 'deploy/compose/compose.yaml';
const BASE_URL = 'https://meldesync.example';

/**
 * What docker compose makes of the file.
 * @param {string[]} args
 * @param {Record<string, string>} environment
 */
async function compose(args, environment) {
  const program = await ensurePythonTool('docker-compose');
  const { PATH = '' } = process.env;
  return runToEnd(program, ['--file', inRoot(COMPOSE), '--env-file', '/dev/null', ...args], {
    env: { PATH, HOME: tmpdir(), ...environment },
  });
}

/**
 * @typedef {object} Service
 * @property {string} [image]
 * @property {Record<string, string>} [environment]
 * @property {{ source: string }[]} [secrets]
 * @property {string[]} [command]
 * @property {Record<string, { ipv4_address?: string } | null>} [networks]
 */

/** @returns {Promise<{ services: Record<string, Service>, secrets: Record<string, { file: string }> }>} */
async function configuration() {
  const { status, stdout, output } = await compose(['--profile', 'tools', 'config', '--format', 'json'], { BASE_URL });
  if (status !== 0) throw new Failure(output.trim());
  return JSON.parse(stdout);
}

/** The services that run MeldeSync, by their names. @param {Record<string, Service>} services */
function processes(services) {
  return Object.entries(services).filter(([, { image }]) => image?.startsWith('meldesync'));
}

/** @type {import('../../check-deploy.mjs').DeployCheck[]} */
export default [
  {
    tool: 'docker compose',
    subject: COMPOSE,
    run: async () => {
      const { services } = await configuration();
      const version = await compose(['version', '--short'], {});
      return `${version.stdout.trim()}, ${Object.keys(services).length} services`;
    },
  },
  {
    tool: 'docker compose',
    subject: `${COMPOSE} without BASE_URL`,
    run: async () => {
      const { status, output } = await compose(['config', '--quiet'], {});
      const said = output.trim();
      if (status === 0 || said.includes('\n') || !said.includes('BASE_URL')) {
        throw new Failure(`expected one line about BASE_URL, and got (${status}):\n${said}`);
      }
      return said;
    },
  },
  {
    tool: 'settings',
    subject: COMPOSE,
    run: async () => {
      const { services } = await configuration();
      const names = processes(services).flatMap(([service, { environment = {} }]) =>
        Object.keys(environment).map((name) => ({ service, name })),
      );
      const unknown = names.filter(({ name }) => !isKnownSetting(name));
      if (unknown.length > 0) {
        throw new Failure(unknown.map(({ service, name }) => `${service}: ${name} is no setting`).join('\n'));
      }
      return `${new Set(names.map(({ name }) => name)).size} names, all of them settings`;
    },
  },
  {
    tool: 'make-secrets.sh',
    subject: `the secrets of ${COMPOSE}`,
    run: async () => {
      const { services, secrets } = await configuration();
      const folder = mkdtempSync(join(tmpdir(), 'meldesync-compose-'));
      try {
        const script = join(folder, 'compose/make-secrets.sh');
        mkdirSync(dirname(script));
        cpSync(inRoot('deploy/redis'), join(folder, 'redis'), { recursive: true });
        copyFileSync(inRoot('deploy/compose/make-secrets.sh'), script);
        await run('make-secrets.sh', 'sh', [script, '--self-signed', 'meldesync.example']);
        const fileOf = (/** @type {string} */ name) => join(folder, 'compose/secrets', name);
        const missing = Object.keys(secrets).filter((name) => !existsSync(fileOf(name)));
        if (missing.length > 0) throw new Failure(`make-secrets.sh does not make ${missing.join(', ')}`);
        for (const [service, { environment = {}, secrets: given = [] }] of Object.entries(services)) {
          const mounted = new Set(given.map(({ source }) => `/run/secrets/${source}`));
          for (const [name, file] of Object.entries(environment)) {
            // A setting of that name is a file in a volume, and no secret.
            if (name.endsWith('_FILE') && !(name in SETTINGS) && !mounted.has(file))
              throw new Failure(`${service}: ${name} names ${file}, which it has not`);
          }
        }
        const before = readFileSync(fileOf('auth-secret'), 'utf8');
        await run('make-secrets.sh', 'sh', [script]);
        if (readFileSync(fileOf('auth-secret'), 'utf8') !== before)
          throw new Failure('a second run makes other secrets');
        return `makes all ${Object.keys(secrets).length}, and keeps them`;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  {
    tool: 'TRUSTED_PROXIES',
    subject: `the nodes of ${COMPOSE}`,
    run: async () => {
      const { services } = await configuration();
      const balancer = services['balancer']?.networks?.['front']?.ipv4_address;
      for (const [service, { command, environment = {} }] of processes(services)) {
        if (command?.[0] === 'node' && (balancer === undefined || environment['TRUSTED_PROXIES'] !== balancer))
          throw new Failure(`${service} believes ${environment['TRUSTED_PROXIES']}, and the balancer is ${balancer}`);
      }
      return `believe ${balancer} alone, which is the balancer`;
    },
  },
  {
    tool: 'haproxy.cfg',
    subject: `the balancer of ${COMPOSE}`,
    run: async () => {
      const { services } = await configuration();
      const file = inRoot('deploy/haproxy/haproxy.cfg');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const given = Object.keys(services['balancer']?.environment ?? {});
      const unknown = given.filter((name) => !text.includes(name));
      if (unknown.length > 0) throw new Failure(`${file} knows no ${unknown.join(', ')}`);
      return `knows all ${given.length} variables that it is given`;
    },
  },
];
