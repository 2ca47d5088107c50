import { setTimeout as sleep } from 'node:timers/promises';
import { createApi, type SyncClient, SyncError } from '@meldesync/client';
import {
  FileLog,
  type RecordedApi,
  type RecordedClient,
  type RecordedSql,
  recordApi,
  recordClient,
  recordSql,
  runSql,
} from '@meldesync/testkit';
import { serveCalls } from '../../processes/remote.ts';
import { tokenAccess } from '../../systems/access.ts';
import { isOfPostgres, pause } from './repetition.ts';

/** Who works, and where. */
export interface LoadOrder {
  /** Where the history is written. */
  readonly file: string;
  /** Origins of the nodes, over lines that may be cut. */
  readonly urls: readonly string[];
  /** The first ones have a screen each, the others work over HTTP. */
  readonly people: readonly { readonly id: string; readonly token: string }[];
  readonly screens: number;
  readonly workspace: string;
  readonly records: readonly number[];
  readonly ownerUrl: string;
  /** Before the names of all who work here and what they write, where others work on the same records; nothing unless given. */
  readonly label?: string;
}

/** How all of them are. */
export interface LoadStanding {
  readonly allLive: boolean;
  /** The fewest versions that one of the screens shows, all records together. */
  readonly fewestVersions: number;
  /** How long the oldest question waits for its answer, imports apart; 0 when none waits. */
  readonly oldestUnansweredMs: number;
  /** How long an import waits for its end; 0 when none does. */
  readonly importWaitsMs: number;
  readonly unanswered: number;
}

const SCREEN_PAUSE_MS = 400;
const HTTP_PAUSE_MS = 500;
const SQL_PAUSE_MS = 500;
const IMPORT_PAUSE_MS = 3_000;
const IMPORT_ROWS = 20;
/** Above the numbers of the records that are there from the beginning. */
const FIRST_IMPORTED = 1_000;
/** So few that people come into each other's way. */
const EDITED_RECORDS = 24;
/** A share of edits is made under a lock. */
const LOCKED_SHARE = 0.25;
/** How long a request over HTTP may take: what a client gives its own, too. */
const HTTP_LIMIT_MS = 6_000;

const screens: RecordedClient[] = [];
const https: RecordedApi[] = [];
const asked = new Set<number>();
const askedImports = new Set<number>();
const ending = new AbortController();
let log: FileLog | undefined;
let psql: RecordedSql | undefined;
let begin: (() => void) | undefined;
let running: Promise<unknown> = Promise.resolve();

const handlers = {
  /** Resolves at once: `standing` says when all are live. */
  connect: async (order: LoadOrder): Promise<void> => {
    log = new FileLog(order.file);
    const edited = order.records.slice(0, EDITED_RECORDS);
    for (let index = 0; index < order.screens; index++) screens.push(openScreen(log, order, index));
    const works: (() => Promise<void>)[] = screens.map((screen) => () => workOnScreen(screen, edited));
    for (let index = order.screens; index < order.people.length; index++) {
      const { recorded, api } = openApi(log, order, index);
      https.push(recorded);
      works.push(() => workOverHttp(recorded, api, order, edited));
      if (index === order.screens) works.push(() => importFiles(recorded));
    }
    const own = recordSql({
      who: `${order.label ?? ''}psql`,
      log,
      role: 'postgres',
      sql: (text, values) => withDeadline(runSql(order.ownerUrl, text, values)),
    });
    psql = own;
    works.push(() => writeSql(own, edited, order.label));
    begin = () => {
      running = Promise.all(works.map((work) => work()));
    };
  },

  begin: async (_order: null): Promise<void> => begin?.(),

  standing: async (_order: null): Promise<LoadStanding> => ({
    allLive: screens.every(({ client }) => client.connection.name === 'live' && client.fetching === 0),
    fewestVersions: Math.min(...screens.map(({ client }) => versionsOf(client))),
    oldestUnansweredMs: oldest(asked),
    importWaitsMs: oldest(askedImports),
    unanswered: asked.size + askedImports.size,
  }),

  /** Begins nothing more. `standing` says when all is answered. */
  stop: async (_order: null): Promise<void> => ending.abort(),

  /** Writes down what every screen shows, and closes the history. */
  finish: async (_order: null): Promise<void> => {
    await Promise.race([running, sleep(HTTP_LIMIT_MS)]);
    await Promise.all(https.map((one) => waitingFor(() => one.settleUploads(AbortSignal.timeout(HTTP_LIMIT_MS)))));
    for (const one of [...screens, ...https]) one.end();
    psql?.end();
    log?.[Symbol.dispose]();
  },
};
export type LoadProcess = typeof handlers;

function openScreen(log: FileLog, { urls, people, workspace, label = '' }: LoadOrder, index: number): RecordedClient {
  const person = personAt(people, index);
  const recorded = recordClient({
    ...tokenAccess(urls[index % urls.length] ?? '', person.token),
    who: `${label}screen-${index + 1}`,
    person: person.id,
    log,
    workspace,
    client: { kind: 'web', version: 'bench' },
  });
  recorded.client.start();
  return recorded;
}

function openApi(log: FileLog, { urls, people, workspace, label = '' }: LoadOrder, index: number) {
  const person = personAt(people, index);
  const api = createApi(tokenAccess(urls[index % urls.length] ?? '', person.token, HTTP_LIMIT_MS));
  return { api, recorded: recordApi({ who: `${label}http-${index + 1}`, person: person.id, log, api, workspace }) };
}

function personAt(people: LoadOrder['people'], index: number) {
  const person = people[index];
  if (!person) throw new Error(`there is no person ${index}`);
  return person;
}

/** Edits what the screen shows, whatever the connection is like; under a lock now and then. */
async function workOnScreen(screen: RecordedClient, records: readonly number[]): Promise<void> {
  for (let count = 1; !ending.signal.aborted; count++) {
    await pauseAbout(SCREEN_PAUSE_MS);
    const record = oneOf(records);
    const baseVersion = screen.client.store.get(record)?.version;
    if (baseVersion === undefined) continue;
    await waitingFor(async () => {
      const answer = Math.random() < LOCKED_SHARE ? await screen.lock([record]) : undefined;
      await screen.edit([{ record, baseVersion, set: valuesOf(screen.who, count) }]);
      if (answer?.outcome === 'granted') await screen.release(answer.lock);
    });
  }
}

async function workOverHttp(
  recorded: RecordedApi,
  api: ReturnType<typeof createApi>,
  { workspace, label = '' }: LoadOrder,
  records: readonly number[],
): Promise<void> {
  for (let count = 1; !ending.signal.aborted; count++) {
    await pauseAbout(HTTP_PAUSE_MS);
    const record = oneOf(records);
    await waitingFor(async () => {
      const { version: baseVersion } = await api.record(workspace, record);
      await recorded.edit([{ record, baseVersion, set: valuesOf(`${label}http`, count) }]);
    });
  }
}

async function importFiles(recorded: RecordedApi): Promise<void> {
  for (let file = 0; !ending.signal.aborted; file++) {
    const first = FIRST_IMPORTED + file * IMPORT_ROWS;
    await waitingFor(() => recorded.importSamples({ first, count: IMPORT_ROWS }), askedImports);
    await pauseAbout(IMPORT_PAUSE_MS);
  }
}

async function writeSql(own: RecordedSql, records: readonly number[], label = ''): Promise<void> {
  for (let count = 1; !ending.signal.aborted; count++) {
    await pauseAbout(SQL_PAUSE_MS);
    try {
      await own.update(oneOf(records), valuesOf(`${label}psql`, count));
    } catch (error) {
      // It is in the history; a run in which none gets through says nothing (`run-fault.ts`).
      if (!isOfPostgres(error) && !(error instanceof NoAnswer)) throw error;
    }
  }
}

/** Counts as asked until it is over. What the service refuses, or cannot do now, is part of the trial. */
async function waitingFor(act: () => Promise<void>, among = asked): Promise<void> {
  // Two may begin at one moment.
  const since = performance.now() + Math.random() / 1_000;
  among.add(since);
  try {
    await act();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
  } finally {
    among.delete(since);
  }
}

function oldest(since: ReadonlySet<number>): number {
  return Math.max(0, ...[...since].map((sinceMs) => performance.now() - sinceMs));
}

/** Different fields in turn, so that a change that is left out shows. */
function valuesOf(who: string, count: number): { note: string } | { caseId: string } {
  return count % 2 === 0 ? { note: `${who} ${count}` } : { caseId: `${who}-${count}` };
}

function oneOf(records: readonly number[]): number {
  return records[Math.floor(Math.random() * records.length)] ?? 0;
}

function pauseAbout(aboutMs: number): Promise<void> {
  return pause(aboutMs * (0.5 + Math.random()), ending.signal);
}

/** A statement on which nothing was heard. */
class NoAnswer extends Error {}

function withDeadline<T>(work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    sleep(HTTP_LIMIT_MS, undefined, { ref: false }).then(() => {
      throw new NoAnswer('no answer');
    }),
  ]);
}

function versionsOf({ store }: SyncClient): number {
  return [...store.values()].reduce((sum, { version }) => sum + version, 0);
}

serveCalls(handlers);
