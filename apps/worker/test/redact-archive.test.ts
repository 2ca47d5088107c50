import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OpenErasure } from '@meldesync/db';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redactArchives } from '../src/jobs/retention/redact-archive.ts';
import {
  createOldDatabase,
  erasureOf,
  MONTH,
  type OldDatabase,
  verifyArchive,
  writeArchives,
} from './filled-archive.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROGRAM = fileURLToPath(new URL('./redact-in-process.ts', import.meta.url));

const CASE = 'F-old-30';
const CASES = 60;
const FILES = 5;
/** Of the record that is in the case. */
const NUMBER = '30'.padStart(64, 'a');
const NOTE = 'Zebrafink ruft zurück';

let database: OldDatabase;
let here: string;
let filled: string;
let folder: string;

beforeAll(async () => {
  database = await createOldDatabase();
  here = await database.addWorkspace();
  const elsewhere = await database.addWorkspace();
  const content = `jsonb_build_object('caseId', 'F-old-' || n, 'vorgangsnummer', lpad(n::text, 64, 'a'), 'n', 1.50, 'big', 12345678901234567890,
    'note', case n when 30 then '${NOTE}' when 45 then 'siehe ${CASE}, dann mehr' else 'Notiz' || chr(8232) || n end)`;
  // In both there is a case of that name: what is erased in one stays in the other.
  for (const [place, workspace] of [here, elsewhere].entries()) {
    await database.sql(
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
       select $1, $2 + n, kind.version, kind.op, case kind.op when 'insert' then '{}' else ${content} end,
         case kind.op when 'delete' then '{}' else ${content} end, 'user:anna', 'web', now() - interval '11 years' + make_interval(secs => n)
       from generate_series(1, $3::int) n cross join (values (1, 'insert'), (2, 'update'), (3, 'delete')) kind (version, op)`,
      [workspace, 1_000_000 * (place + 1), CASES],
    );
    await database.sql(
      `insert into events (at, kind, actor, workspace_id, subject, after)
       select '${MONTH}-05'::timestamptz + make_interval(secs => n), 'lock-taken', 'user:anna', $1, 'record:' || n,
         jsonb_build_object('filter', case n % 20 when 7 then '${CASE}' else 'F-' || n end, 'share', 0.10)
       from generate_series(1, $2::int) n`,
      [workspace, CASES],
    );
  }
  await database.sealAll(37);
  filled = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  await writeArchives(database, filled, await database.changes(), { name: 'changes-2026-01-01', files: 3 });
  await writeArchives(database, filled, await database.events(), { name: `events-${MONTH}`, files: 2 });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(filled, { recursive: true });
});

const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-archive-'));
  await cp(filled, folder, { recursive: true });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const erasure = (): OpenErasure => erasureOf(here, [CASE, NUMBER]);
const linesIn = async (of: string, file: string) => (await readFile(join(of, file), 'utf8')).trimEnd().split('\n');

/** What of an archive belongs to the case: its record, its name in a note, and events that name it; in this workspace alone. */
function isOfCase(line: string): boolean {
  const { line: kind, header, before, after } = JSON.parse(line);
  if (kind !== 'entry' || header.workspace_id !== here) return false;
  return header.record_id === '1000030' || JSON.stringify([before, after]).includes(CASE);
}

/** All that was of the case is gone, all else is there byte for byte, and each archive proves what it holds. Files with entries of the case. */
async function expectErased(event: string): Promise<number> {
  let concerned = 0;
  expect((await readdir(folder)).toSorted()).toEqual((await readdir(filled)).toSorted());
  for (const file of await readdir(filled)) {
    const before = await linesIn(filled, file);
    const after = await linesIn(folder, file);
    expect(after).toHaveLength(before.length);
    for (const [index, line] of before.entries()) {
      const now = after[index] ?? '';
      if (!isOfCase(line)) {
        expect(now).toBe(line);
        continue;
      }
      const { before: _before, after: _after, salt: _salt, ...rest } = JSON.parse(line);
      expect(JSON.parse(now)).toEqual({ ...rest, before: {}, after: {}, salt: null, erased: event });
    }
    if (before.some(isOfCase)) concerned += 1;
    const { entries, proved, findings } = await verifyArchive(folder, file);
    expect({ file, proved, findings }).toEqual({ file, proved: entries, findings: [] });
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  }
  return concerned;
}

describe('archives of which a case is erased', () => {
  it('R5.5 lose what was of it, and nothing else, and prove themselves as before', async () => {
    expect((await readdir(filled)).length).toBe(FILES);
    for (const file of await readdir(filled))
      expect(await verifyArchive(filled, file)).toMatchObject({ findings: [], unproved: 0 });
    const untouched = new Map<string, bigint>();
    for (const file of await readdir(folder))
      untouched.set(file, (await stat(join(folder, file), { bigint: true })).ino);
    const wanted = erasure();
    const of = (await Promise.all((await readdir(filled)).map((file) => linesIn(filled, file))))
      .flat()
      .filter(isOfCase);
    expect(await redactArchives(folder, wanted)).toBe(of.length);
    // Three of its record, three of a note, three events.
    expect(of).toHaveLength(9);
    const concerned = await expectErased(wanted.event);
    expect(concerned).toBeGreaterThanOrEqual(3);
    // A file with nothing of it is the same file.
    let same = 0;
    for (const [file, inode] of untouched)
      if ((await stat(join(folder, file), { bigint: true })).ino === inode) same += 1;
    expect(same).toBe(FILES - concerned);
    expect(await redactArchives(folder, wanted)).toBe(0);
  });

  it('R5.5 know the records of a case that only an archive still names, by the names that they had', async () => {
    // The database knows neither the record nor its Vorgangsnummer any more.
    expect(await redactArchives(folder, erasureOf(here, [CASE]))).toBe(9);
    await expectErased('4711');
  });

  it('R5.5 are finished at the next start when a worker was killed in the middle of one', async () => {
    const wanted = erasure();
    // Large enough that the process is met in the middle.
    const [large = ''] = (await readdir(folder)).filter((file) => file.startsWith('changes')).toSorted();
    const whole = await readFile(join(folder, large), 'utf8');
    const seals = whole.split('\n').filter((line) => line.includes('"line":"seal"'));
    const entries = whole.split('\n').filter((line) => line.includes('"line":"entry"') && !isOfCase(line));
    const filling = [...seals, ...Array.from({ length: 300 }, () => entries).flat()];
    const path = join(folder, large);
    const added = Buffer.from(filling.map((line) => `${line}\n`).join(''));
    await appendFile(path, added);
    const before = await readFile(path);
    const given = join(tmpdir(), `erasure-${process.pid}.json`);
    const asHex = { salt: wanted.salt.toString('hex'), hashes: wanted.hashes.map((hash) => hash.toString('hex')) };
    await writeFile(given, JSON.stringify({ ...wanted, ...asHex }));
    const child = spawn(process.execPath, ['--import', TSX, PROGRAM, folder, given], { stdio: 'inherit' });
    children.push(child);
    const ended = once(child, 'exit');
    const isUnderWay = async () => {
      const fresh = (await readdir(folder)).find((name) => name === `${large}.new`);
      return fresh !== undefined && (await stat(join(folder, fresh))).size > 0;
    };
    while (child.exitCode === null && !(await isUnderWay())) await sleep(1);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await rm(given);
    // What is there is whole: the old one, and half of a new one that nobody reads.
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toContain(`${large}.new`);

    await redactArchives(folder, wanted);
    const now = await readFile(path);
    expect(now.subarray(-added.length).equals(added)).toBe(true);
    await writeFile(path, now.subarray(0, -added.length));
    await expectErased(wanted.event);
  }, 60_000);

  it('R5.5 lose half a line at their end, for it may be of the case', async () => {
    const wanted = erasure();
    for (const file of await readdir(folder)) {
      const whole = await readFile(join(folder, file), 'utf8');
      await writeFile(
        join(folder, file),
        `${whole}{"line":"entry","source":"c","id":"1","header":{},"before":{"note":"${NOTE}`,
      );
    }
    await redactArchives(folder, wanted);
    await expectErased(wanted.event);
  });

  it('R5.5 that cannot be read are named, and nothing of what stands there', async () => {
    const [file = ''] = await readdir(folder);
    for (const line of [`{"line":"entry","note":"${NOTE}`, `{"line":"entry","note":"${NOTE}"}`]) {
      await writeFile(join(folder, file), `${(await linesIn(filled, file))[0]}\n${line}\n`);
      const failed = await redactArchives(folder, erasure()).catch((error: unknown) => error);
      expect(String(failed)).toBe(`UnreadableArchive: line 2 of ${file} is none of an archive`);
    }
  });
});
