import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificate } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { useTemporaryFolders } from '../test/temporary-folders.ts';
import { createTestTerminal } from '../test/test-terminal.ts';
import { runCli } from './app.ts';

const makeFolder = useTemporaryFolders();

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string) {
  const home = await makeFolder();
  const terminal = createTestTerminal(args, {
    env: { XDG_CONFIG_HOME: home, ...env },
    ...(input === undefined ? {} : { input }),
  });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

const CONFLICT_ID = '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41';

describe('a wrong command line', () => {
  it.each([
    [['list', '--unknown'], 'Die Option --unknown gibt es nicht. Hilfe: meldesync list --help'],
    [['lst'], 'Den Befehl lst gibt es nicht. Hilfe: meldesync --help'],
    [['show'], 'Es fehlt die Angabe TARGET. Hilfe: meldesync show --help'],
    [['import'], 'Es fehlt die Angabe PATH. Hilfe: meldesync import --help'],
    [['list', '--filter'], 'Der Option --filter fehlt ihr Wert. Hilfe: meldesync list --help'],
    [['whoami', 'me', 'too'], 'Das sind zu viele Angaben: me too. Hilfe: meldesync whoami --help'],
    [
      ['list', '--filter', 'broken'],
      'Für --filter ist broken kein gültiger Wert. Möglich: all, open, incomplete, complete, valid, done, without-case.',
    ],
    [['list', '--limit', '0'], 'Für --limit ist 0 kein gültiger Wert. Möglich: 1, 2, 3, ….'],
    [['edit', 'F-1', '--base-version', 'x'], 'Für --base-version ist x kein gültiger Wert. Möglich: 1, 2, 3, ….'],
    [['list', '--lang', 'fr'], 'Für --lang ist fr kein gültiger Wert. Möglich: de, en.'],
    [['edit', 'F-1'], 'Es ist nichts zu ändern angegeben. Hilfe: meldesync edit --help'],
    [['edit', 'F-1', '--done', '--undone'], '--done und --undone schließen sich aus.'],
    [['lock', 'F-1', '--for', '5'], 'Für --for ist 5 keine gültige Dauer. Möglich: 30s, 5m, 2h, höchstens 24h.'],
    [['lock', '--wait', 'F-1'], 'Für --wait ist F-1 keine gültige Dauer. Möglich: 30s, 5m, 2h, höchstens 24h.'],
    [['lock', 'F-1', '--for', '5m', '--', 'true'], '--for und COMMAND … schließen sich aus.'],
    [['unlock'], 'Es fehlt die Angabe TARGET. Hilfe: meldesync unlock --help'],
    [['resolve', 'F-1', '--mine'], /^F-1 ist keine Kennung eines Konflikts/],
    [['resolve', CONFLICT_ID], /^Bitte angeben, wie der Konflikt zu lösen ist/],
    [['resolve', CONFLICT_ID, '--theirs', '--mine'], '--theirs und --mine schließen sich aus.'],
    [['resolve', CONFLICT_ID, '--drop', '--set', 'note=x'], '--set und --drop schließen sich aus.'],
    [['resolve', CONFLICT_ID, '--set', 'ibe=x'], /^Für --set ist ibe=x kein gültiger Wert/],
    [['admin', 'members', 'lst'], 'Den Befehl lst gibt es nicht. Hilfe: meldesync admin members --help'],
    [['admin', 'members', 'role', 'Anna', 'owner'], /^Für ROLE ist owner kein gültiger Wert/],
    [['admin', 'members', 'until', 'Anna', 'soon'], /^Für MOMENT ist soon kein gültiger Zeitpunkt/],
    [['admin', 'invite', '--role', 'viewer'], 'Es fehlt die Angabe EMAIL. Hilfe: meldesync admin invite --help'],
    [['admin', 'invite', 'a@example.org'], 'Es fehlt die Option --role. Hilfe: meldesync admin invite --help'],
    [['admin', 'services', 'token', 'X', '--label', 'y', '--role', 'auditor'], /^Für --role ist auditor kein/],
    [['sessions', 'end'], /^Bitte geben Sie an, was enden soll/],
    [['join', '--link', 'https://example.org/invitation'], /^Das ist kein vollständiger Link/],
    [['join'], /^Es fehlt der Link/],
    [['admin', 'members', 'list', 'x'], 'Das sind zu viele Angaben: x. Hilfe: meldesync admin members list --help'],
    [['whoami', '--server', 'ftp://x'], /^ftp:\/\/x ist keine Adresse eines Servers/],
  ])('%j exits with 64 and one sentence', async (args, sentence) => {
    const { exitCode, out, err } = await run(args);
    expect(exitCode).toBe(64);
    expect(out).toBe('');
    expect(err.endsWith('\n')).toBe(true);
    expect(err.trimEnd()).toMatch(sentence);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it('speaks English where the environment does', async () => {
    const { err } = await run(['list', '--unknown'], { LANG: 'en_GB.UTF-8' });
    expect(err).toBe('There is no option --unknown. Help: meldesync list --help\n');
  });

  it('without any command shows the help on standard error', async () => {
    const { exitCode, out, err } = await run([]);
    expect(exitCode).toBe(64);
    expect(out).toBe('');
    expect(err).toContain('Befehle:');
  });

  it('refuses a note that is too long with the reason of the domain', async () => {
    const { exitCode, err } = await run(['edit', 'F-1', '--note', 'x'.repeat(2001)]);
    expect(exitCode).toBe(64);
    expect(err).toContain('2001');
  });
});

describe('the help', () => {
  const commands = [
    'login',
    'logout',
    'whoami',
    'workspaces',
    'sessions',
    'password',
    'join',
    'new-password',
    'admin',
    'import',
    'list',
    'show',
    'edit',
    'conflicts',
    'resolve',
    'lock',
    'unlock',
    'locks',
    'who',
    'watch',
  ];

  it.each(commands)('of %s is complete in both languages', async (command) => {
    const german = await run([command, '--help']);
    const english = await run([command, '--help', '--lang', 'en']);
    expect([german.exitCode, english.exitCode]).toEqual([0, 0]);
    expect(german.out).toContain(`Aufruf: meldesync ${command}`);
    expect(german.out).not.toMatch(/Usage|Options:|display help/);
    expect(english.out).toContain(`Usage: meldesync ${command}`);
    expect(english.out).not.toMatch(/Aufruf|Optionen|anzeigen/);
  });

  it.each([
    'admin bootstrap',
    'admin workspaces',
    'admin workspaces archive',
    'admin members',
    'admin members add',
    'admin invite',
    'admin invitations',
    'admin accounts',
    'admin accounts create',
    'admin services',
    'admin services token',
    'admin events',
    'sessions end',
  ])('of %s is complete in both languages', async (command) => {
    const german = await run([...command.split(' '), '--help']);
    const english = await run([...command.split(' '), '--help', '--lang', 'en']);
    expect([german.exitCode, english.exitCode]).toEqual([0, 0]);
    expect(german.out).toContain(`Aufruf: meldesync ${command}`);
    expect(german.out).not.toMatch(/Usage|Options:|display help/);
    expect(english.out).toContain(`Usage: meldesync ${command}`);
    expect(english.out).not.toMatch(/Aufruf|Optionen|anzeigen/);
  });

  it('of the program lists every command and every exit code', async () => {
    const { exitCode, out } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command}`, 'm'));
    for (const code of [0, 1, 2, 3, 4, 5, 6, 64, 126, 127, 130]) expect(out).toMatch(new RegExp(`^  ${code} `, 'm'));
  });

  it('has the version beside it', async () => {
    const { exitCode, out } = await run(['-V']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('without a sign-in', () => {
  it('knows no server', async () => {
    const { exitCode, err } = await run(['list']);
    expect(exitCode).toBe(4);
    expect(err).toBe('Es ist noch kein Server bekannt. Bitte melden Sie sich an: meldesync login SERVER\n');
  });

  it('says where nobody is signed in', async () => {
    const { exitCode, err } = await run(['list', '--server', 'https://meldesync.example.org']);
    expect(exitCode).toBe(4);
    expect(err).toContain('an https://meldesync.example.org nicht angemeldet');
  });

  it('needs a password that is not asked for without a terminal', async () => {
    const { exitCode, err } = await run(['login', '127.0.0.1:9', '--email', 'me@example.org']);
    expect(exitCode).toBe(64);
    expect(err).toContain('--password-stdin');
  });
});

describe('a server', () => {
  const access = { MELDESYNC_TOKEN: 'token' };

  it('that does not answer is named, with a reason', async () => {
    const { exitCode, err } = await run(['whoami', '--server', 'http://127.0.0.1:9'], access);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^Der Server http:\/\/127\.0\.0\.1:9 ist nicht erreichbar \(\w+\)\.\n$/);
  });

  it.each(['whoami', 'login'])('whose certificate is not trusted is not said to be away: %s', async (command) => {
    const server = createTlsServer(await makeCertificate({ days: 1 })).listen(0, 'localhost');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const address = `https://localhost:${(server.address() as AddressInfo).port}`;
      const { exitCode, err } = await run([command, '--server', address], access);
      expect(exitCode).toBe(1);
      expect(err).toMatch(/^Dem Zertifikat von https:\/\/localhost:\d+ vertraut .*\(\w+\)\. .*NODE_EXTRA_CA_CERTS/);
    } finally {
      server.close();
    }
  });

  it('shows the technical details when DEBUG asks for them', async () => {
    const { err } = await run(['whoami', '--server', 'http://127.0.0.1:9'], { ...access, DEBUG: 'meldesync' });
    expect(err).toMatch(/^\s+at /m);
  });

  it('of another kind is recognised as such', async () => {
    const server = createServer((_request, response) => response.end('<html></html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const known = await run(['whoami', '--server', origin], access);
      expect(known.exitCode).toBe(1);
      expect(known.err).toBe(`Unter ${origin} antwortet kein MeldeSync-Server.\n`);
      const login = await run(['login', origin, '--email', 'me@example.org', '--password-stdin'], {}, 'secret\n');
      expect(login.exitCode).toBe(1);
      expect(login.err).toBe(`Unter ${origin} antwortet kein MeldeSync-Server.\n`);
    } finally {
      server.close();
    }
  });
});

describe('a settings file that cannot be read', () => {
  it('is named', async () => {
    const home = await makeFolder();
    await writeFile(join(home, 'meldesync'), 'not a folder');
    const { exitCode, err } = await run(['list'], { XDG_CONFIG_HOME: home });
    expect(exitCode).toBe(1);
    expect(err).toContain(join(home, 'meldesync', 'config.json'));
  });
});
