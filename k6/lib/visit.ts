import exec from 'k6/execution';
import { between } from './between.ts';
import { Client } from './client.ts';
import { meldebestaetigungen } from './meldebestaetigungen.ts';
import type { EditItem, Outcome, Patch } from './messages.ts';
import {
  editsAccepted,
  editsInConflict,
  editsLocked,
  editsNotAllowed,
  importsFinished,
  reportError,
} from './metrics.ts';
import { pause } from './pause.ts';
import type { Person } from './people.ts';
import { Service, ServiceError, signIn } from './service.ts';
import { verify } from './verify.ts';

const LIVE_LIMIT_MS = 30_000;
const IMPORT_LIMIT_MS = 600_000;

export interface VisitOptions {
  readonly person: Person;
  /** With the password, also where there is a token. */
  readonly signsIn?: boolean;
  /** Share of others' edits whose way here is measured. */
  readonly sample?: number;
}

/** What one person does from signing in until leaving. */
export class Visit {
  readonly client: Client;
  readonly service: Service;
  #edits = 0;

  private constructor(client: Client, service: Service) {
    this.client = client;
    this.service = service;
  }

  /** Signs in, and is there once the whole list is. */
  static async begin({ person, signsIn = false, sample = 1 }: VisitOptions): Promise<Visit> {
    const token = await tokenOf(person, signsIn);
    const { workspace } = person;
    const service = new Service(workspace, token);
    const visit = new Visit(new Client({ service, token, workspace, sample }), service);
    visit.client.connect();
    if (!(await visit.client.whenLive(LIVE_LIMIT_MS))) reportError('begin', `not current after ${LIVE_LIMIT_MS} ms`);
    return visit;
  }

  /** Reads, and filters for what is open: all of it in the copy. */
  filter(): void {
    const open = this.client.feed.copy.openRecords();
    if (open.length > this.client.feed.copy.size)
      reportError('filter', `${open.length} of ${this.client.feed.copy.size}`);
  }

  async edit(): Promise<void> {
    const record = this.#anyRecord();
    if (record !== undefined) await this.#change(record);
  }

  /** Opens a case, locks it, thinks, changes it and gives it back. */
  async lockAndEdit(): Promise<void> {
    const record = this.#anyRecord();
    if (record === undefined) return;
    this.client.attend([record]);
    const lock = await this.client.lock([record]);
    if (lock !== undefined) {
      await pause(between(500, 2_000));
      await this.#change(record);
      await this.client.unlock(lock);
    }
    this.client.attend([]);
  }

  /** An edit of what the person saw before somebody changed it: the service must say so (P27), and the person settles it (P28). */
  async conflict(): Promise<void> {
    const record = this.#anyRecord();
    if (record === undefined) return;
    if (this.#versionOf(record) < 2) await this.#change(record);
    const version = this.#versionOf(record);
    if (version < 2) return;
    const set = this.#patch(false);
    const outcome = await this.#send({ record, baseVersion: version - 1, set });
    if (outcome?.outcome === 'accepted')
      reportError('conflict', `an edit of version ${version - 1} was taken at ${version}`);
    if (outcome?.outcome === 'conflict') await this.#settle(record, outcome, set);
  }

  /** A file of its own, until it is imported. */
  async import(rows: number): Promise<void> {
    const seed = `${exec.vu.idInTest} ${Date.now()} ${Math.random()}`;
    const { id } = await this.service.importCsv(`k6-${exec.vu.idInTest}.csv`, meldebestaetigungen(rows, seed));
    const until = Date.now() + IMPORT_LIMIT_MS;
    while (Date.now() < until) {
      await pause(1_000);
      const { status, rows: counts } = await this.service.importOf(id);
      if (status === 'queued' || status === 'running') continue;
      if (status === 'finished' && counts.new === rows) importsFinished.add(1);
      else reportError('import', `${status}, ${counts.new} of ${rows} rows new, ${counts.rejected} rejected`);
      return;
    }
    reportError('import', `not finished after ${IMPORT_LIMIT_MS} ms`);
  }

  /** The lid is shut and opened again. */
  async sleep(ms: number): Promise<void> {
    this.client.disconnect();
    await pause(ms);
    this.client.connect();
    if (!(await this.client.whenLive(LIVE_LIMIT_MS))) reportError('come-back', `not current after ${LIVE_LIMIT_MS} ms`);
  }

  /** Compares the copy with the service, and leaves. */
  async end(): Promise<void> {
    await verify(this.client, this.service);
    this.client.stop();
  }

  #anyRecord(): number | undefined {
    // Who is not connected waits: what they would do meanwhile is measured by `time_to_current`.
    if (!this.client.isLive) return undefined;
    const ids = this.client.feed.copy.ids();
    return ids[Math.floor(Math.random() * ids.length)];
  }

  #versionOf(record: number): number {
    return this.client.feed.copy.versionOf(record);
  }

  async #change(record: number): Promise<void> {
    const outcome = await this.#send({ record, baseVersion: this.#versionOf(record), set: this.#patch() });
    if (outcome?.outcome === 'conflict') await this.#settleOverHttp(outcome.conflict, 'dropped');
  }

  async #settle(record: number, told: Extract<Outcome, { outcome: 'conflict' }>, set: Patch): Promise<void> {
    if (Math.random() < 0.5) {
      await this.#settleOverHttp(told.conflict, 'kept-theirs');
      return;
    }
    const resolves = { conflict: told.conflict, as: 'reapplied' } as const;
    const again = await this.#send({ record, baseVersion: told.current.version, set, resolves });
    if (again?.outcome === 'conflict') await this.#settleOverHttp(again.conflict, 'dropped');
  }

  async #settleOverHttp(conflict: string, as: 'kept-theirs' | 'dropped'): Promise<void> {
    try {
      await this.service.settle(conflict, as);
    } catch (error) {
      // The answer of a first try may have been lost.
      if (!(error instanceof ServiceError && error.code === 'conflict-settled')) throw error;
    }
  }

  async #send(item: EditItem): Promise<Outcome | undefined> {
    const outcome = (await this.client.edit(item))?.[0];
    if (outcome?.outcome === 'accepted') editsAccepted.add(1);
    if (outcome?.outcome === 'conflict') editsInConflict.add(1);
    if (outcome?.outcome === 'rejected') refused(outcome.code);
    return outcome;
  }

  #patch(maySettle = true): Patch {
    this.#edits++;
    if (maySettle && Math.random() < 0.1) return { done: Math.random() < 0.5 };
    return { note: `Lasttest ${exec.vu.idInTest}.${this.#edits}` };
  }
}

function refused(code: string): void {
  if (code === 'record-locked') editsLocked.add(1);
  else if (code === 'case-not-complete') editsNotAllowed.add(1);
  else reportError('edit-rejected', code);
}

/** Signed in once for all visits of this VU. */
const tokens = new Map<string, string>();

async function tokenOf({ email, password, token }: Person, signsIn: boolean): Promise<string> {
  if (token !== undefined && (!signsIn || password === undefined)) return token;
  const known = tokens.get(email);
  if (known !== undefined) return known;
  if (password === undefined) throw new Error(`${email} has neither token nor password`);
  const signed = await signIn(email, password);
  tokens.set(email, signed);
  return signed;
}
