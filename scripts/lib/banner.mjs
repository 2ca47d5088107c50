import { paint } from './log.mjs';

/**
 * Says where everything is and how to use it.
 * @param {object} facts
 * @param {import('./settings.mjs').Settings} facts.settings
 * @param {import('./cluster.mjs').Account[]} facts.accounts
 * @param {string | undefined} facts.setUpUrl where nobody administers the installation yet
 * @param {Record<string, number>} facts.adminPorts
 */
export function printBanner({ settings, accounts, setUpUrl, adminPorts }) {
  const emailWidth = Math.max(0, ...accounts.map(({ email }) => email.length));
  const passwordWidth = Math.max(0, ...accounts.map(({ password }) => password.length));
  const metrics = Object.entries(adminPorts).map(([name, port]) => `${name} http://127.0.0.1:${port}/metrics`);
  const lines = [
    '',
    `  ${paint('bold', 'MeldeSync is ready')}   ${paint('green', settings.baseUrl)}`,
    '',
    ...accounts.map(
      ({ email, password, role = '' }) =>
        `  Sign in     ${email.padEnd(emailWidth)}  ${password.padEnd(passwordWidth)}  ${paint('dim', role)}`,
    ),
    ...(setUpUrl === undefined
      ? []
      : [
          `  Set up      ${paint('green', setUpUrl)}`,
          `              ${paint('dim', 'works once, for seven days; a new start makes a new one')}`,
        ]),
    `  Terminal    npm run -s meldesync -- login ${settings.baseUrl}`,
    ...metrics.map((line, index) => `  ${(index === 0 ? 'Metrics' : '').padEnd(11)} ${paint('dim', line)}`),
    `  Data        ${paint('dim', settings.dataDir)}`,
    '  Stop        Ctrl-C; the data stays for the next start',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
