import { type EditItem, type EditOutcome, editOutcome, type RecordLock, type RecordPatch } from '@meldesync/protocol';
import { createTestDatabase, type SampleOptions, sampleMeldebestaetigung } from '@meldesync/testkit';
import { expect } from 'vitest';
import { connectDatabase, type Database, editRecords } from '../src/index.ts';

export interface EditInput {
  /** `anna` unless said otherwise. */
  readonly user?: string;
  /** A new one unless said otherwise. */
  readonly operation?: string;
  readonly via?: 'web' | 'cli' | 'api';
  readonly traceparent?: string;
  readonly lockedByOthers?: ReadonlyMap<number, RecordLock>;
}

type AddedRecord = SampleOptions & { caseId?: string; workspace?: string; done?: boolean };

/** A database with a workspace of an editor (anna), an admin (ben) and a viewer (vera), and another one of olga. */
export interface EditSetup extends AsyncDisposable {
  /** As the role of the nodes' work with records. */
  readonly database: Database;
  /** As the role that lets people in and administers. */
  readonly accounts: Database;
  /** As the worker's role. */
  readonly worker: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workspace: string;
  readonly otherWorkspace: string;
  /** Runs SQL as the owner. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Puts a sample record in; its internal id. */
  addRecord(options?: AddedRecord): Promise<number>;
  /** Edits in the first workspace. */
  edit(items: readonly EditItem[], input?: EditInput): ReturnType<typeof editRecords>;
  /** What of a record an edit changes. */
  recordRow(id: number): Promise<Record<string, unknown> | undefined>;
  changeCount(id: number): Promise<number>;
}

export async function createEditSetup(): Promise<EditSetup> {
  const testDatabase = await createTestDatabase();
  const { sql } = testDatabase;
  const addWorkspace = async (name: string) => {
    const [row] = await sql('insert into workspaces (name) values ($1) returning id', [name]);
    return String(row?.['id']);
  };
  const workspace = await addWorkspace('Testklinik');
  const otherWorkspace = await addWorkspace('Zweitklinik');
  const members = { anna: 'editor', ben: 'admin', vera: 'viewer' };
  for (const user of [...Object.keys(members), 'olga']) {
    await sql(`insert into auth."user" (id, name, email) values ($1, $1, $1 || '@test.example')`, [user]);
  }
  for (const [user, role] of Object.entries(members)) {
    await sql('insert into members (workspace_id, user_id, role) values ($1, $2, $3)', [workspace, user, role]);
  }
  await sql(`insert into members (workspace_id, user_id, role) values ($1, 'olga', 'editor')`, [otherWorkspace]);
  let isEnding = false;
  const connect = (url: string) =>
    connectDatabase({
      url,
      maxConnections: 20,
      applicationName: 'test',
      onConnectionError: (error) => {
        // The pool does not wait for its connections to be closed before the database goes.
        if (!isEnding) throw error;
      },
    });
  const database = connect(testDatabase.appUrl);
  const accounts = connect(testDatabase.authUrl);
  const worker = connect(testDatabase.urlAs('worker'));
  let records = 0;
  let operations = 0;
  return {
    database,
    accounts,
    worker,
    ownerUrl: testDatabase.ownerUrl,
    appUrl: testDatabase.appUrl,
    workspace,
    otherWorkspace,
    sql,
    addRecord: async (options = {}) => {
      records += 1;
      const { vorgangsnummer, ibe } = sampleMeldebestaetigung(records, options);
      const [row] = await sql(
        'insert into records (workspace_id, vorgangsnummer, ibe, case_id, done) values ($1, $2, $3, $4, $5) returning id',
        [options.workspace ?? workspace, vorgangsnummer, ibe, options.caseId ?? null, options.done ?? false],
      );
      return Number(row?.['id']);
    },
    edit: (items, { user = 'anna', operation, via = 'web', traceparent, lockedByOthers = new Map() } = {}) => {
      operations += 1;
      return editRecords(database, {
        workspaceId: workspace,
        actor: { userId: user, via, operation: operation ?? `operation-${operations}`, traceparent },
        items,
        lockedByOthers,
      });
    },
    recordRow: async (id) => {
      const [row] = await sql('select version, case_id, done, assignee, note, updated_by from records where id = $1', [
        id,
      ]);
      return row;
    },
    changeCount: async (id) => (await sql('select 1 from changes where record_id = $1', [id])).length,
    [Symbol.asyncDispose]: async () => {
      isEnding = true;
      for (const pool of [database, accounts, worker]) await pool[Symbol.asyncDispose]();
      await testDatabase[Symbol.asyncDispose]();
    },
  };
}

export function item(record: number, set: RecordPatch, baseVersion = 1, resolves?: EditItem['resolves']): EditItem {
  return { record, baseVersion, set, ...(resolves && { resolves }) };
}

export const accepted = (record: number, version = 2): EditOutcome => ({ record, outcome: 'accepted', version });
export const rejected = (record: number, code: string) => ({ record, outcome: 'rejected', code });

type ConflictOutcome = Extract<EditOutcome, { outcome: 'conflict' }>;

/** An edit that must meet a conflict; the first one it meets. */
export async function meetConflict(
  setup: EditSetup,
  items: readonly EditItem[],
  input?: EditInput,
): Promise<ConflictOutcome> {
  const result = await setup.edit(items, input);
  const outcome = 'outcomes' in result ? result.outcomes.find((one) => one.outcome === 'conflict') : undefined;
  if (outcome?.outcome !== 'conflict') throw new Error(`no conflict: ${JSON.stringify(result)}`);
  // What is answered is what the protocol says.
  expect(editOutcome.parse(outcome)).toEqual(outcome);
  return outcome;
}

/** Anna's edit after Ben's, of a record at version 1. */
export async function meetOpenConflict(setup: EditSetup, record: number): Promise<ConflictOutcome> {
  await setup.edit([item(record, { note: 'theirs' })], { user: 'ben' });
  return meetConflict(setup, [item(record, { note: 'mine' })]);
}
