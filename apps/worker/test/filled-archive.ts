import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExportVerdict, textLines, verifyExport } from '@meldesync/audit';
import {
  connectDatabase,
  type Database,
  type OpenErasure,
  readDeletedHistory,
  readEvents,
  type SealedEntry,
} from '@meldesync/db';
import { createTestDatabase, type TestDatabase } from '@meldesync/testkit';
import { createArchive } from '../src/jobs/retention/archive-file.ts';

/** A month of long ago, in which the events here are. */
export const MONTH = '2020-03';
const NOW = new Date();
const MOST = 100_000;

/** A database whose trail is old enough to go. */
export interface OldDatabase extends AsyncDisposable {
  readonly sql: TestDatabase['sql'];
  readonly connection: Database;
  readonly addWorkspace: () => Promise<string>;
  /** Seals until all is sealed, `most` at a time. */
  readonly sealAll: (most?: number) => Promise<void>;
  readonly changes: () => Promise<SealedEntry[]>;
  readonly events: () => Promise<SealedEntry[]>;
}

export async function createOldDatabase(): Promise<OldDatabase> {
  const database = await createTestDatabase();
  const connection = connectDatabase({
    url: database.ownerUrl,
    maxConnections: 2,
    applicationName: 'test-archive',
    onConnectionError: () => undefined,
  });
  const { sql } = database;
  await sql('select meldesync_events_partitions($1)', [`${MONTH}-01`]);
  const sealAll = async (most = 1_000) => {
    // Other tests' transactions may be under way on the same server.
    for (let tries = 0; tries < 3_000; tries++) {
      await sql('select * from meldesync_seal($1::int)', [most]);
      const [row] = await sql(
        `select exists (select from changes c where not exists (select from audit_leaves where source = 'c' and entry = c.id))
           or exists (select from events e where not exists (select from audit_leaves where source = 'e' and entry = e.id)) as left`,
      );
      if (row?.['left'] === false) return;
      await sleep(5);
    }
    throw new Error('something stays unsealed');
  };
  return {
    sql,
    connection,
    addWorkspace: async () => {
      const [row] = await sql('insert into workspaces (name) values (gen_random_uuid()::text) returning id');
      return String(row?.['id']);
    },
    sealAll,
    changes: () => readDeletedHistory(connection.drizzle, NOW, MOST),
    events: () => readEvents(connection.drizzle, MONTH, { above: '0', most: MOST }),
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Writes entries into so many archives, one after the other, as retention does: some at a time. */
export async function writeArchives(
  { connection }: OldDatabase,
  folder: string,
  entries: readonly SealedEntry[],
  { name, files = 1 }: { readonly name: string; readonly files?: number },
): Promise<void> {
  const each = Math.ceil(entries.length / files);
  for (let file = 0; file < files; file++) {
    await using archive = await createArchive(folder, name, connection);
    const part = entries.slice(file * each, (file + 1) * each);
    for (let at = 0; at < part.length; at += 70) await archive.append(part.slice(at, at + 70));
  }
}

/** Leads each entry of an archive to the root that it brings along, without any database. */
export async function verifyArchive(folder: string, file: string): Promise<ExportVerdict> {
  async function* lines() {
    for await (const { text } of textLines(createReadStream(join(folder, file)))) yield text;
  }
  return verifyExport({ lines: lines() });
}

/** An erasure of names in a workspace, as the database notes one. */
export function erasureOf(workspaceId: string, names: readonly string[], records: readonly number[] = []): OpenErasure {
  const salt = randomBytes(32);
  return {
    id: '00000000-0000-4000-8000-000000000000',
    workspaceId,
    event: '4711',
    records: records.map(String),
    logEnd: '0',
    salt,
    hashes: names.map((name) => createHash('sha256').update(salt).update(name).digest()),
    areStreamsDone: true,
    areArchivesDone: false,
  };
}
