import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointLine, createCheckpointSigner, inclusionProof } from '@meldesync/audit';
import { connectDatabase, keepCheckpoint, lastSeal, sealEntries } from '@meldesync/db';
import { createTestDatabase, eventually, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../src/app.ts';
import { useTemporaryFolders } from './temporary-folders.ts';
import { createTestTerminal } from './test-terminal.ts';

const makeFolder = useTemporaryFolders();
const pair = generateKeyPairSync('ed25519');
const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const signer = createCheckpointSigner(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());

let database: TestDatabase;
let folder: string;
let file: string;
let key: string;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await makeFolder();
  file = join(folder, 'checkpoints.jsonl');
  key = join(folder, 'key.pem');
  await writeFile(key, publicPem);
  const [workspace] = await database.sql(`insert into workspaces (name) values ('Testklinik') returning id`);
  for (let number = 1; number <= 6; number++) {
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
    await database.sql('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
      workspace?.['id'],
      vorgangsnummer,
      ibe,
    ]);
  }
  await database.sql(`insert into events (kind, actor, after) values ('session-opened', 'user:anna', '{"n": 1.50}')`);
  await using owner = connectDatabase({
    url: database.ownerUrl,
    maxConnections: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  const lines: string[] = [];
  await eventually(async () => {
    const round = await sealEntries(owner.drizzle, 4);
    const seal = await lastSeal(owner.drizzle);
    if (seal && round && round.sealed > 0) {
      lines.push(`${checkpointLine(signer.sign(seal))}\n`);
      await keepCheckpoint(owner.drizzle, signer.sign(seal));
    }
    const [left] = await database.sql('select count(*)::int as sealed from audit_leaves');
    expect(left?.['sealed']).toBe(7);
  });
  await writeFile(file, lines.join(''));
});
afterEach(() => database[Symbol.asyncDispose]());

async function run(...args: string[]) {
  const terminal = createTestTerminal(['audit', 'verify', ...args], {
    env: { XDG_CONFIG_HOME: folder, DATABASE_URL: database.urlAs('auditor') },
  });
  return { exitCode: await runCli(terminal), out: terminal.out(), err: terminal.err() };
}

async function tamper(table: string, statement: string): Promise<void> {
  await database.sql(`alter table ${table} disable trigger all`);
  await database.sql(statement);
  await database.sql('select meldesync_enable_triggers()');
}

/** A moment as exports say it. */
const AT = (table: string) => `to_char(${table}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** An export as the service writes one. */
async function writeExport(change: (lines: string[]) => string[] = (lines) => lines): Promise<string> {
  const entries = await database.sql(
    `select json_build_object('type', 'entry', 'source', 'c', 'id', c.id::text, 'txid', c.txid, 'at', ${AT('c')}, 'micros', meldesync_micros(c.at),
       'workspace_id', c.workspace_id, 'record_id', c.record_id::text, 'version', c.version::text, 'op', c.op, 'actor', c.actor, 'via', c.via,
       'operation', c.operation, 'import_id', c.import_id, 'traceparent', c.traceparent,
       'sealed', json_build_object('seal', l.seal::text, 'position', l.position, 'salt', encode(l.salt, 'hex'), 'commitment', null))::text as line,
       jsonb_build_array(c.before, c.after)::text as content
     from changes c join audit_leaves l on l.source = 'c' and l.entry = c.id
     union all
     select json_build_object('type', 'entry', 'source', 'e', 'id', e.id::text, 'txid', e.txid, 'at', ${AT('e')}, 'micros', meldesync_micros(e.at),
       'workspace_id', e.workspace_id, 'kind', e.kind, 'actor', e.actor, 'session_id', e.session_id, 'address', e.address, 'subject', e.subject,
       'sealed', json_build_object('seal', l.seal::text, 'position', l.position, 'salt', encode(l.salt, 'hex'), 'commitment', null))::text,
       jsonb_build_array(e.before, e.after)::text
     from events e join audit_leaves l on l.source = 'e' and l.entry = e.id`,
  );
  const lines = entries.map((row) => `${String(row['line']).trim().slice(0, -1)},"content":${String(row['content'])}}`);
  const path = join(folder, 'export.jsonl');
  await writeFile(
    path,
    change([`{"type":"meldesync-audit-export","version":1}`, ...lines, `{"type":"end","entries":${lines.length}}`])
      .map((line) => `${line}\n`)
      .join(''),
  );
  return path;
}

/** An archive as retention writes one. */
async function writeArchive(change: (text: string) => string = (text) => text): Promise<string> {
  const seals = await database.sql(
    `select no, json_build_object('line', 'seal', 'format', 'meldesync-archive-1', 'seal', json_build_object('no', no::text, 'incarnation', incarnation,
       'changes_base', changes_base::text, 'events_base', events_base::text, 'first_txid', first_txid, 'last_txid', last_txid,
       'leaves', leaves::text, 'size', size::text, 'at', meldesync_micros(at), 'root', encode(root, 'hex'),
       'previous', encode(previous, 'hex'), 'link', encode(link, 'hex')))::text as line from audit_seals order by no`,
  );
  const leaves = await database.sql('select seal, leaf from audit_leaves order by seal, position');
  const entries = await database.sql(
    `select l.seal, l.position, json_build_object('line', 'entry', 'source', 'c', 'id', c.id::text, 'header', json_build_object('txid', c.txid,
       'at', meldesync_micros(c.at), 'workspace_id', c.workspace_id, 'record_id', c.record_id::text, 'version', c.version::text, 'op', c.op,
       'actor', c.actor, 'via', c.via, 'operation', c.operation, 'import_id', c.import_id, 'traceparent', c.traceparent),
       'before', c.before, 'after', c.after, 'salt', encode(l.salt, 'hex'), 'leaf', encode(l.leaf, 'hex'),
       'content', encode(sha256(l.salt || meldesync_entry_content(c.before, c.after)), 'hex'), 'seal', l.seal::text, 'position', l.position) as entry
     from changes c join audit_leaves l on l.source = 'c' and l.entry = c.id order by 1, 2`,
  );
  const lines = seals.map((row) => String(row['line']));
  for (const { seal, position, entry } of entries) {
    const batch = leaves.flatMap((row) => (row['seal'] === seal ? (row['leaf'] as Buffer) : []));
    const siblings = inclusionProof(batch, Number(position)).map((one) => one.toString('hex'));
    lines.push(JSON.stringify({ ...(entry as object), siblings }));
  }
  const path = join(folder, 'archive.jsonl');
  await writeFile(path, change(lines.map((line) => `${line}\n`).join('')));
  return path;
}

describe('meldesync audit verify', () => {
  it('says that all is as it was sealed, and ends with 0', async () => {
    const { exitCode, out, err } = await run('--checkpoints', file, '--key', key);
    expect(err).toBe('');
    expect(out).toMatch(/Versiegelt +7 Einträge in 2 Siegeln, das letzte von \d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z/);
    expect(out).toMatch(/Noch nicht +nichts/);
    expect(out).toContain('Alles ist, wie es versiegelt wurde.');
    expect(out).not.toContain('Ohne --');
    expect(exitCode).toBe(0);
  });

  it('says what is not sealed yet, and what was not checked', async () => {
    await database.sql(`insert into events (kind, actor) values ('session-opened', 'user:anna')`);
    const { exitCode, out } = await run('--lang', 'en');
    expect(out).toMatch(/Not yet +1 entry, the oldest of \d{4}/);
    expect(out).toContain('Without --key no signature was checked.');
    expect(out).toContain('Without --checkpoints');
    expect(exitCode).toBe(0);
  });

  it('R5.5 names the first entry that was altered, with its time, and ends with 1', async () => {
    await tamper('changes', `update changes set actor = 'user:jemand' where id in (2, 5)`);
    const [second] = await database.sql(`select meldesync_micros(at) as at from changes where id = 2`);
    const { exitCode, out } = await run('--checkpoints', file, '--key', key);
    expect(exitCode).toBe(1);
    expect(out).toContain('2 Stellen sind nicht, wie sie versiegelt wurden:');
    expect(out).toMatch(/✗ Der Eintrag change:2 vom \d{4}-.*Z wurde verändert \(Siegel 1\)\./);
    const json = JSON.parse((await run('--json', '--key', key)).out) as {
      verdict: { findings: readonly Record<string, unknown>[] };
    };
    expect(json.verdict.findings[0]).toMatchObject({ kind: 'entry-altered', entry: 'change:2', seal: 1 });
    expect(String(json.verdict.findings[0]?.['at'])).toContain(`.${String(second?.['at']).slice(-6, -3)}Z`);
  });

  it('finds a tail that was cut off by the file, and a key that did not sign', async () => {
    for (const statement of [
      `delete from changes where id in (select entry from audit_leaves where seal = 2 and source = 'c')`,
      `delete from events where id in (select entry from audit_leaves where seal = 2 and source = 'e')`,
      'delete from audit_leaves where seal = 2',
      'delete from audit_seals where no = 2',
      'delete from audit_checkpoints where no = 2',
    ])
      await tamper(/from (\w+)/.exec(statement)?.[1] ?? '', statement);
    expect((await run('--key', key)).exitCode).toBe(0);
    const cut = await run('--checkpoints', file, '--key', key);
    expect(cut.out).toMatch(/Nach dem Siegel 1 fehlt das Ende/);
    expect(cut.exitCode).toBe(1);
    const other = join(folder, 'other.pem');
    await writeFile(other, generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }));
    expect((await run('--key', other)).out).toContain('nennt einen unbekannten Schlüssel');
  });

  it('holds an export to the database', async () => {
    const path = await writeExport();
    const whole = await run('--export', path);
    expect(whole.err).toBe('');
    expect(whole.out).toContain('7 Einträge: 7 bewiesen, 0 nicht');
    expect(whole.out).toContain('Jeder Eintrag darin ist, wie er versiegelt wurde.');
    expect(whole.exitCode).toBe(0);
    await writeExport((lines) => lines.map((line) => line.replace('1.50', '1.51')));
    const altered = await run('--export', path);
    expect(altered.out).toMatch(/Der Eintrag event:\d+ vom .* wurde verändert/);
    expect(altered.exitCode).toBe(1);
  });

  const unsealed = (line: string) => line.replace(/"sealed" ?: ?\{[^}]*\}/, '"sealed":null');

  it('holds to the database what was not sealed yet when it was written out', async () => {
    const path = await writeExport((lines) => lines.map(unsealed));
    expect(await run('--export', path)).toMatchObject({ exitCode: 0 });
    await writeExport((lines) => lines.map((line) => unsealed(line).replace('1.50', '1.51')));
    const altered = await run('--export', path);
    expect(altered.out).toMatch(/Der Eintrag event:\d+ vom .* wurde verändert/);
    expect(altered.exitCode).toBe(1);
  });

  it('says what of an export is not proved, as it is not sealed yet', async () => {
    const [row] = await database.sql(
      `insert into events (kind, actor) values ('session-opened', 'user:anna')
       returning id::text, txid, meldesync_micros(at) as micros, ${AT('events')} as at`,
    );
    const more = `${JSON.stringify({ type: 'entry', source: 'e', ...row, workspace_id: null, kind: 'session-opened', actor: 'user:anna', session_id: null, address: null, subject: null, sealed: null }).slice(0, -1)},"content":[null, null]}`;
    const path = await writeExport(([first = '', ...rest]) => [
      first,
      more,
      ...rest.slice(0, -1),
      '{"type":"end","entries":8}',
    ]);
    const told = await run('--export', path);
    expect(told.out).toContain('8 Einträge: 7 bewiesen, 1 nicht');
    expect(told.out).toContain('Was bewiesen ist, ist, wie es versiegelt wurde.');
    expect(told.exitCode).toBe(0);
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'an entry twice',
      (lines) => [...lines.slice(0, 2), ...lines.slice(1, -1), `{"type":"end","entries":${lines.length - 1}}`],
      /Der Eintrag \w+:\d+ vom .* steht mehrmals da/,
    ],
    [
      'another time for people',
      (lines) => lines.map((line) => line.replace(/"at" ?: ?"\d{4}/, '"at":"1999')),
      /wurde verändert/,
    ],
    [
      'an entry of nobody',
      (lines) =>
        lines.map((line, index) => (index === 1 ? unsealed(line).replace(/"id" ?: ?"\d+"/, '"id":"99999"') : line)),
      /wurde nachträglich eingefügt/,
    ],
  ])('finds in an export %s', async (_, change, sentence) => {
    const found = await run('--export', await writeExport(change));
    expect(found.out).toMatch(sentence);
    expect(found.out).not.toMatch(/Jeder Eintrag darin|Was bewiesen ist/);
    expect(found.exitCode).toBe(1);
  });

  it('finds that a file of checkpoints is empty', async () => {
    const empty = join(folder, 'empty.jsonl');
    await writeFile(empty, '');
    const found = await run('--checkpoints', empty, '--key', key);
    expect(found.out).toMatch(/Der Prüfpunkt zum Siegel 2 .* fehlt in der Datei/);
    expect(found.exitCode).toBe(1);
  });

  it('proves an archive by what it brings along', async () => {
    const terminal = (path: string) =>
      createTestTerminal(['audit', 'verify', '--export', path], { env: { XDG_CONFIG_HOME: folder } });
    const whole = terminal(await writeArchive());
    expect(await runCli(whole)).toBe(0);
    expect(whole.out()).toContain('6 Einträge: 6 bewiesen');
    expect(whole.out()).toContain('Ohne DATABASE_URL ist es an den Siegeln geprüft, die es mitbringt');
    const altered = terminal(await writeArchive((text) => text.replace('"via":"sql"', '"via":"web"')));
    expect(await runCli(altered)).toBe(1);
  });

  it.each<[string, () => Promise<string[]>, RegExp, number]>([
    ['no database', async () => ['--database-url', ''], /Es fehlt die Datenbank/, 64],
    [
      'a database that is not there',
      async () => ['--database-url', 'postgres://geheim@127.0.0.1:1/x'],
      /ECONNREFUSED/,
      1,
    ],
    ['a key that is none', async () => ['--key', file], /kein Ed25519-Schlüssel/, 64],
    ['a key that is not there', async () => ['--key', join(folder, 'none')], /ENOENT/, 1],
    ['checkpoints that are not there', async () => ['--checkpoints', join(folder, 'none')], /ENOENT/, 1],
    [
      'an export without a database',
      async () => ['--database-url', '', '--export', await writeExport()],
      /Allein beweist .* nichts/,
      64,
    ],
    ['checkpoints for an export', async () => ['--export', key, '--checkpoints', file], /schließen sich aus/, 64],
    ['an export that is none', async () => ['--export', key], /weder ein Export/, 1],
    [
      'an export without an end',
      async () => ['--export', await writeExport((lines) => lines.slice(0, -1))],
      /unvollständig/,
      1,
    ],
    [
      'an export that was cut within a line',
      async () => ['--export', await writeExport((lines) => [...lines.slice(0, 3), (lines[3] ?? '').slice(0, 50)])],
      /unvollständig/,
      1,
    ],
    [
      'an export that lacks an entry',
      async () => ['--export', await writeExport((lines) => lines.toSpliced(2, 1))],
      /unvollständig/,
      1,
    ],
  ])('answers %s in a sentence', async (_, args, sentence, exitCode) => {
    const given = await args();
    const terminal = createTestTerminal(['audit', 'verify', ...given], {
      env: {
        XDG_CONFIG_HOME: folder,
        ...(given[0] === '--database-url' ? {} : { DATABASE_URL: database.urlAs('auditor') }),
      },
    });
    expect(await runCli(terminal)).toBe(exitCode);
    expect(terminal.err()).toMatch(sentence);
    expect(terminal.err()).not.toContain('geheim');
  });
});
