import { AUDIT_GROUPS, AUDIT_KINDS, type AuditEntry, type AuditFilter, auditGroupOf } from '@meldesync/protocol';
import { eventually, openTransaction } from '@meldesync/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditListPage,
  type AuditPosition,
  auditExportPages,
  beginAuditExport,
  beginAuditList,
  continueAuditList,
  pollAuditList,
} from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

const AUTHOR = { actor: 'user:ben', sessionId: 'session-of-ben', address: '127.0.0.1' };
const NOTES = ['Rückfrage', 'ÄRZTIN ruft zurück', '100 %', 'a_b', '"zitiert" \\ und\nweiter', 'ordinary'];
const CASES = ['F-1', 'F-2', 'F-3'];
const PEOPLE = ['anna', 'ben', 'vera', 'olga'];

let setup: EditSetup;
/** All entries of the first workspace as they were written, newest first, for a plain search. */
let all: Plain[];

const noteOf = (index: number) => NOTES[index % NOTES.length] ?? '';

/** An entry, and what it is searched by. */
interface Plain {
  readonly key: string;
  readonly at: string;
  readonly source: 'change' | 'event';
  readonly id: number;
  readonly kind: string;
  readonly actor: string;
  readonly records: readonly number[];
  readonly texts: readonly string[];
}

/** Which records are or were in which case. */
const casesOf = new Map<number, Set<string>>();
const recordIds: number[] = [];

beforeAll(async () => {
  setup = await createEditSetup();
  const { sql, workspace } = setup;
  await sql(`update members set created_at = now() - interval '60 days'`);
  await sql("select meldesync_events_partitions(now() - interval '3 months', 1)");
  for (let index = 0; index < 8; index++) {
    const caseId = CASES[index % CASES.length] ?? '';
    const id = await setup.addRecord({ caseId });
    recordIds.push(id);
    casesOf.set(id, new Set([caseId]));
  }
  await setup.addRecord({ workspace: setup.otherWorkspace, caseId: 'F-1' });
  for (const [index, id] of recordIds.entries()) {
    const next = CASES[(index * 2 + 1) % CASES.length] ?? '';
    casesOf.get(id)?.add(next);
    const person = PEOPLE[index % 3] ?? '';
    for (const set of [{ note: noteOf(index) }, { caseId: next }, { note: noteOf(index + 3) }]) {
      const [row] = await sql('select version from records where id = $1', [id]);
      await setup.edit([{ record: id, baseVersion: Number(row?.['version']), set }], {
        user: person === 'vera' ? 'ben' : person,
      });
    }
  }
  const [gone = 0] = recordIds.splice(0, 1);
  await sql('delete from records where id = $1', [gone]);
  recordIds.push(gone);
  // Events in disorder, many at the same time as others: notices are told afterwards, and some in one transaction.
  const kinds = AUDIT_KINDS.filter((kind) => auditGroupOf(kind) !== 'record');
  for (let index = 0; index < 120; index++) {
    const kind = kinds[(index * 7) % kinds.length] ?? '';
    const isSignIn = auditGroupOf(kind) === 'sign-in';
    const person = PEOPLE[index % PEOPLE.length];
    await sql(
      `insert into events (at, kind, actor, session_id, workspace_id, subject, before, after)
       values (date_trunc('second', now() - make_interval(days => $1)), $2, $3, $4, $5, $6, $7, $8)`,
      [
        (index * 13) % 70,
        kind,
        index % 5 === 0 ? 'system' : `user:${person}`,
        `session-${index % 4}`,
        isSignIn ? null : index % 9 === 0 ? setup.otherWorkspace : workspace,
        isSignIn
          ? `user:${person}`
          : index % 3 === 0
            ? `record:${recordIds[index % recordIds.length]}`
            : `lock:${index}`,
        index % 4 === 1 ? { records: [recordIds[index % recordIds.length]], level: NOTES[index % NOTES.length] } : null,
        index % 4 === 2 ? { records: recordIds.slice(index % 3, (index % 3) + 2), done: true } : null,
      ],
    );
  }
  all = await readPlain();
});
afterAll(() => setup[Symbol.asyncDispose]());

/** The trail of the first workspace as this test understands it. */
async function readPlain(): Promise<Plain[]> {
  const { sql, workspace } = setup;
  const text = (value: unknown) => (typeof value === 'string' ? value : value === null ? [] : JSON.stringify(value));
  const textsOf = (...held: unknown[]) => held.flatMap((one) => Object.values(one ?? {})).flatMap(text);
  const at = `to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`;
  const changes = (await sql(
    `select id, ${at}, record_id, op, actor, before, after from changes x where workspace_id = $1`,
    [workspace],
    // oxlint-disable-next-line typescript/no-explicit-any -- rows of whatever columns
  )) as any[];
  const events = (await sql(
    `select x.*, ${at},
       exists (select from members m where m.workspace_id = $1 and x.subject = 'user:' || m.user_id and x.at >= m.created_at) as is_of_member
     from events x`,
    [workspace],
    // oxlint-disable-next-line typescript/no-explicit-any -- rows of whatever columns
  )) as any[];
  const kindOf: Record<string, string> = {
    insert: 'record-created',
    update: 'record-changed',
    delete: 'record-deleted',
  };
  const found: Plain[] = [
    ...changes.map((row) => ({
      key: `change:${row.id}`,
      at: row.at,
      source: 'change' as const,
      id: Number(row.id),
      kind: kindOf[row.op] ?? '',
      actor: row.actor,
      records: [Number(row.record_id)],
      texts: textsOf(row.before, row.after),
    })),
    ...events
      .filter(
        (row) =>
          row.workspace_id === workspace ||
          (row.workspace_id === null && auditGroupOf(row.kind) === 'sign-in' && row.is_of_member),
      )
      .map((row) => ({
        key: `event:${row.id}`,
        at: row.at,
        source: 'event' as const,
        id: Number(row.id),
        kind: row.kind,
        actor: row.actor,
        records: [
          ...(row.subject?.startsWith('record:') ? [Number(row.subject.slice(7))] : []),
          ...((row.after?.records ?? row.before?.records ?? []) as number[]),
        ],
        texts: textsOf(row.before, row.after),
      })),
  ];
  return found.toSorted((a, b) => (order(a) < order(b) ? 1 : -1));
}

const order = ({ at, source, id }: Plain) => `${at} ${source} ${String(id).padStart(16, '0')}`;

/** What a filter lets through, entry by entry. */
function plainly(filter: AuditFilter): string[] {
  const { from, to, actors, groups, kinds, record, case: caseId, text } = filter;
  const micros = (moment: string) => new Date(moment).toISOString().replace('Z', '000Z');
  return all
    .filter(
      (entry) =>
        (from === undefined || entry.at >= micros(from)) &&
        (to === undefined || entry.at < micros(to)) &&
        (!actors || actors.includes(entry.actor)) &&
        (!groups || groups.some((group) => group === auditGroupOf(entry.kind))) &&
        (!kinds || kinds.includes(entry.kind)) &&
        (record === undefined || entry.records.includes(record)) &&
        (caseId === undefined || entry.records.some((id) => casesOf.get(id)?.has(caseId))) &&
        (text === undefined || entry.texts.some((one) => one.toLowerCase().includes(text.toLowerCase()))),
    )
    .map(({ key }) => key);
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const moment = fc.integer({ min: 0, max: 75 }).map((days) => new Date(Date.now() - days * 86_400_000).toISOString());
const filters: fc.Arbitrary<AuditFilter> = fc.record(
  {
    from: moment,
    to: moment,
    actors: fc.uniqueArray(fc.constantFrom('user:anna', 'user:ben', 'user:vera', 'system', 'user:nobody')),
    groups: fc.uniqueArray(fc.constantFrom(...AUDIT_GROUPS), { maxLength: 4 }),
    kinds: fc.uniqueArray(fc.constantFrom(...AUDIT_KINDS, 'unknown-kind'), { maxLength: 30 }),
    record: fc.nat(8).map((index) => recordIds[index] ?? 999_999),
    case: fc.constantFrom(...CASES, 'F-nie'),
    text: fc.constantFrom('rück', 'ärztin', '%', '_', '"zit', '\\', '\n', 'true', 'note', 'RÜCKFRAGE', 'gibt es nicht'),
  },
  { requiredKeys: [] },
);

async function walk(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
  const view = { workspaceId: setup.workspace, filter };
  const found: AuditEntry[] = [];
  let page: AuditListPage = await beginAuditList(setup.database, { author: AUTHOR, view, limit });
  for (;;) {
    found.push(...page.entries);
    const from: AuditPosition | null = page.next;
    if (from === null) return found;
    page = await continueAuditList(setup.database, { view, from, limit });
  }
}

/** From the oldest on; newest first, as it gives them. */
async function walkBack(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
  const view = { workspaceId: setup.workspace, filter };
  const found: AuditEntry[] = [];
  let page: AuditListPage = await beginAuditList(setup.database, { author: AUTHOR, view, limit, end: 'oldest' });
  for (;;) {
    found.unshift(...page.entries);
    expect(page.next).toBe(null);
    const from: AuditPosition | null = page.previous;
    if (from === null) return found;
    page = await continueAuditList(setup.database, { view, from, limit, direction: 'newer' });
  }
}

/** Readings of this test are in the trail, too. */
const known = (entries: readonly AuditEntry[]) => {
  const keys = new Set(all.map(({ key }) => key));
  return entries.map(({ key }) => key).filter((key) => keys.has(key));
};

describe('the trail as one list', () => {
  it('R5.1 R5.5 lets through what a plain search lets through, in its order, however long a page is', async () => {
    expect(all.length).toBeGreaterThan(100);
    await fc.assert(
      fc.asyncProperty(filters, maybe(fc.integer({ min: 1, max: 60 })), async (filter, limit = 17) => {
        const found = await walk(filter, limit);
        expect(known(found)).toEqual(plainly(filter));
        expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
      }),
      { numRuns: 120 },
    );
  });

  it('R5.5 is the same when it is begun at its oldest entry', async () => {
    await fc.assert(
      fc.asyncProperty(filters, maybe(fc.integer({ min: 1, max: 60 })), async (filter, limit = 17) => {
        const found = await walkBack(filter, limit);
        expect(known(found)).toEqual(plainly(filter));
        expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
      }),
      { numRuns: 60 },
    );
  });

  it('R5.5 an export holds the same, oldest first', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const view = { workspaceId: setup.workspace, filter };
        const begun = await beginAuditExport(setup.database, { author: AUTHOR, view, format: 'jsonl' });
        const found: AuditEntry[] = [];
        for await (const page of auditExportPages(setup.database, begun)) found.push(...page.map(({ entry }) => entry));
        expect(known(found)).toEqual(plainly(filter).toReversed());
      }),
      { numRuns: 25 },
    );
  });

  it('an export holds nothing that came after it was begun', async () => {
    const view = { workspaceId: setup.workspace, filter: { kinds: ['level-changed'] } };
    const begun = await beginAuditExport(setup.database, { author: AUTHOR, view, format: 'csv' });
    await setup.sql(
      `insert into events (at, kind, actor, workspace_id) values (now() - interval '1 year', 'level-changed', 'system', $1)`,
      [setup.workspace],
    );
    const found: string[] = [];
    for await (const page of auditExportPages(setup.database, begun)) found.push(...page.map(({ entry }) => entry.key));
    expect(found).toEqual(plainly(view.filter).toReversed());
  });
});

describe('what comes later', () => {
  it('R5.1 is given although it was begun before, with a lower id, or told with a time of before; and once', async () => {
    const { database, workspace } = setup;
    const view = { workspaceId: workspace, filter: { groups: ['operation' as const] } };
    const insert = (n: number, at = 'now()') =>
      `insert into events (at, kind, actor, workspace_id, after) values (${at}, 'level-chosen', 'system', '${workspace}', '{"n": ${n}}')`;
    const numbers = ({ entries }: AuditListPage) =>
      entries.map(({ after }) => Number(after?.['n'])).toSorted((a, b) => a - b);

    await using late = await openTransaction(setup.ownerUrl);
    await late.query(insert(1));
    await setup.sql(insert(2));
    const first = await beginAuditList(database, { author: AUTHOR, view, limit: 500 });
    expect(numbers(first)).toEqual(expect.arrayContaining([2]));
    expect(numbers(first)).not.toContain(1);
    let state = first.horizon;
    const poll = async () => {
      const page = await pollAuditList(database, { view, horizon: state, read: first.read, limit: 500 });
      state = page.horizon;
      return page;
    };
    expect(numbers(await poll())).toEqual([]);
    await setup.sql(insert(3, `now() - interval '2 days'`));
    expect(numbers(await poll())).toEqual([3]);
    await late.commit();
    expect(numbers(await poll())).toEqual([1]);
    // And on: what is known to be final is not read again.
    for (let n = 4; n < 8; n++) {
      await setup.sql(insert(n));
      const page = await poll();
      expect(numbers(page)).toEqual([n]);
    }
    expect(state.final.event).toBeGreaterThanOrEqual(0);
  });

  it('the own reading is in the first page and not told again', async () => {
    const view = { workspaceId: setup.workspace, filter: { kinds: ['audit-read'] } };
    const first = await beginAuditList(setup.database, { author: AUTHOR, view, limit: 5 });
    expect(first.entries[0]?.key).toBe(`event:${first.read}`);
    const later = await pollAuditList(setup.database, { view, horizon: first.horizon, read: first.read, limit: 5 });
    expect(later.entries).toEqual([]);
  });

  it('R5.5 says of entries that were not sealed which are now, of the workspace alone', async () => {
    const view = { workspaceId: setup.workspace, filter: {} };
    const first = await beginAuditList(setup.database, { author: AUTHOR, view, limit: 500 });
    const keys = first.entries.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(20);
    expect(first.entries.every(({ seal }) => seal === null)).toBe(true);
    const [foreign] = await setup.sql('select id from changes where workspace_id = $1', [setup.otherWorkspace]);
    const foreignKey = `change:${String(foreign?.['id'])}`;
    const sealsIn = async (workspaceId: string | null) => {
      const unsealed = [...keys, foreignKey, 'event:987654321'];
      const { horizon, read } = first;
      const page = await pollAuditList(setup.database, {
        view: { ...view, workspaceId },
        horizon,
        read,
        limit: 1,
        unsealed,
      });
      return new Map(page.seals.map(({ key, seal }) => [key, seal]));
    };
    expect(await sealsIn(setup.workspace)).toEqual(new Map());
    // Whatever else runs in the server may hold seals up for a while.
    await eventually(async () => {
      await setup.sql('select meldesync_seal()');
      expect([...(await sealsIn(setup.workspace)).keys()].toSorted()).toEqual(keys.toSorted());
    });
    const sealed = await beginAuditList(setup.database, { author: AUTHOR, view, limit: 500 });
    const told = await sealsIn(setup.workspace);
    for (const { key, seal } of sealed.entries) if (told.has(key)) expect(told.get(key)).toBe(seal);
    expect([...(await sealsIn(null)).keys()]).toContain(foreignKey);
  });

  it('more than fit lead on', async () => {
    const view = { workspaceId: setup.workspace, filter: { kinds: ['incarnation-began'] } };
    const first = await beginAuditList(setup.database, { author: AUTHOR, view, limit: 5 });
    await setup.sql(
      `insert into events (kind, actor, workspace_id, after) select 'incarnation-began', 'system', $1, jsonb_build_object('n', n) from generate_series(1, 12) n`,
      [setup.workspace],
    );
    const later = await pollAuditList(setup.database, { view, horizon: first.horizon, read: first.read, limit: 5 });
    expect(later.entries).toHaveLength(5);
    const rest = later.next && (await continueAuditList(setup.database, { view, from: later.next, limit: 7 }));
    expect([...later.entries, ...(rest?.entries ?? [])].map(({ after }) => after?.['n'])).toEqual(
      Array.from({ length: 12 }, (_, index) => 12 - index),
    );
  });
});
