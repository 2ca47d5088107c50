import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { eventually, sampleOperations } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { textWidth } from '../src/output/text.ts';
import { HOLDER, type OperationsService, startOperationsService } from './operations-service.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const WORKSPACE = '6f1c52a4-6d5c-4d55-9a43-0e2f4f4b7f10';
const LOCK = '0d2b3a51-6a3a-4d1e-8e0c-1c0a9a8b7c6d';
const ENTERED = '\u001b[?1049h';
const LEFT = '\u001b[?25h\u001b[?1049l';

const makeFolder = useTemporaryFolders();
let service: OperationsService;

beforeEach(async () => {
  service = await startOperationsService(WORKSPACE);
});
afterEach(() => service[Symbol.asyncDispose]());

async function environment(more: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  return { XDG_CONFIG_HOME: await makeFolder(), MELDESYNC_SERVER: service.url, MELDESYNC_TOKEN: 'token', ...more };
}

async function run(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const terminal = createTestTerminal(['top', ...args], { env: env ?? (await environment()) });
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

/** `top` before a person: what is on the screen after the last drawing, and their keys. */
async function sit(size: { columns: number; rows: number }) {
  const base = createTestTerminal(['top'], { env: await environment() });
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const ended = runCli({ ...base, stdin, stdout: Object.assign(base.stdout, { isTTY: true, ...size }) });
  const screen = () => stripVTControlCharacters(base.out().split('\u001b[H').at(-1) ?? '');
  return { ended, stdin, screen, modes, out: base.out, err: base.err };
}

describe('once', () => {
  it('says how the service is, with the reasons of its level, what processes lack, and who holds locks', async () => {
    const { processes, feed } = sampleOperations(new Date());
    service.answer({
      level: {
        name: 'reduced',
        since: new Date().toISOString(),
        reasons: [{ cause: 'latency', value: 412, limit: 250 }],
        chosenBy: 'measured',
      },
      processes: processes.map((process) =>
        process.name === 'node-2'
          ? { ...process, usable: false, live: false, missing: ['Postgres does not answer'] }
          : process,
      ),
      feed: { ...feed, canaryAgeMs: null },
      locks: [{ lock: LOCK, workspace: WORKSPACE, records: [7, 8], user: HOLDER.id, since: new Date().toISOString() }],
    });
    const { exitCode, out, err } = await run(['--once']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^Betriebsstufe +◐ Verringert · seit \d\d:\d\d · nach Messwerten$/m);
    expect(out).toMatch(/^ +Zeit bis zu den Bildschirmen: 412 ms, Grenze 250 ms$/m);
    expect(out).toMatch(/^Latenz +p50 18 ms · p95 36 ms · p99 57 ms · Antwort p95 27 ms$/m);
    expect(out).toMatch(/^Verbindungen +42 · 39 sofort · 1 alle 0,25 s · 2 alle 1 s$/m);
    expect(out).toMatch(/letztes Lebenszeichen vor –$/m);
    expect(out).toMatch(/^node-2 +✗ nicht benutzbar, Postgres antwortet nicht +0\.3\.0/m);
    expect(out).toMatch(/^relay-1 +✓ in Ordnung, aktiv/m);
    expect(out).toMatch(new RegExp(`^Anna Albers +\\d\\d:\\d\\d +7, 8 +${LOCK}$`, 'm'));
  });

  it('fits a narrow terminal: what matters least is left out', async () => {
    const { out } = await run(['--once'], await environment({ COLUMNS: '44' }));
    expect(out.split('\n').filter((line) => textWidth(line) > 44)).toEqual([]);
    expect(out).toContain('CPU');
    expect(out).not.toContain('Postgres');
  });

  it('--json is what the service answered', async () => {
    const { exitCode, out } = await run(['--once', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ level: { name: 'normal' }, queue: { waiting: 2 } });
  });

  it.each([
    ['forbidden', 4, /^Das sieht nur, wer mindestens einen Arbeitsbereich verwaltet\.$/m],
    ['unauthenticated', 4, /nicht angemeldet/],
    ['not-found', 1, /kennt diese Abfrage nicht/],
  ] as const)('%s ends with %i and says what is missing', async (code, exit, sentence) => {
    service.answer(code);
    const { exitCode, out, err } = await run(['--once']);
    expect({ exitCode, out }).toEqual({ exitCode: exit, out: '' });
    expect(err).toMatch(sentence);
  });

  it('says that nobody is signed in, or that the server is away', async () => {
    const home = { XDG_CONFIG_HOME: await makeFolder() };
    expect(await run([], { ...home, MELDESYNC_SERVER: service.url })).toMatchObject({ exitCode: 4 });
    await service.end();
    const away = await run([]);
    expect(away.exitCode).toBe(1);
    expect(away.err).toMatch(/nicht erreichbar \(ECONNREFUSED\)/);
  });
});

describe('live', () => {
  it('draws news over the old ones, never more than fits, and leaves the terminal as it was on q', async () => {
    const { ended, stdin, screen, modes, out } = await sit({ columns: 80, rows: 12 });
    await eventually(() => expect(screen()).toContain('● Normal'));
    expect(screen().split('\n').length).toBeLessThanOrEqual(12);
    expect(
      screen()
        .split('\n')
        .filter((line) => textWidth(line) > 80),
    ).toEqual([]);
    const { level } = sampleOperations(new Date());
    service.answer({ level: { ...level, name: 'manual', chosenBy: 'person' } });
    await eventually(() => expect(screen()).toContain('‖ Manuell'));
    expect(screen()).not.toContain('● Normal');
    stdin.write('q');
    expect(await ended).toBe(0);
    expect(out().startsWith(ENTERED)).toBe(true);
    expect(out().endsWith(LEFT)).toBe(true);
    expect(modes).toEqual([true, false]);
  });

  it('keeps what it knows while the server is away, says so, and goes on', async () => {
    const { ended, stdin, screen } = await sit({ columns: 100, rows: 40 });
    await eventually(() => expect(screen()).toContain('● Normal'));
    service.answer('internal');
    await eventually(() => expect(screen()).toMatch(/^! .* antwortet nicht; es wird weiter versucht\. Stand \d\d:/));
    expect(screen()).toContain('● Normal');
    service.answer({});
    await eventually(() => expect(screen()).toContain('q beendet'));
    // Ctrl-C, as a terminal gives it that hands on every key.
    stdin.write('\u0003');
    expect(await ended).toBe(0);
  });

  it('ends when the person is an admin no longer, with the terminal as it was', async () => {
    const { ended, screen, out, err } = await sit({ columns: 100, rows: 40 });
    await eventually(() => expect(screen()).toContain('● Normal'));
    service.answer('forbidden');
    expect(await ended).toBe(4);
    expect(out().endsWith(LEFT)).toBe(true);
    expect(err()).toContain('verwaltet');
  });

  it('--json gives an object a line until it is ended, also of what did not come', async () => {
    const ending = new AbortController();
    const terminal = createTestTerminal(['top', '--json'], { env: await environment(), signal: ending.signal });
    const ended = runCli(terminal);
    const lines = () =>
      terminal
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { level?: object; error?: string });
    await eventually(() => expect(lines()).toHaveLength(1));
    service.answer('internal');
    await eventually(() => expect(lines().at(-1)).toMatchObject({ error: 'internal' }));
    ending.abort('SIGINT');
    expect(await ended).toBe(0);
    expect(lines()[0]).toHaveProperty('level');
  });
});
