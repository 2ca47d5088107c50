import type { EditItem } from '@meldesync/protocol';
import { runSql } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getConflict, listConflicts, resolveConflict } from '../src/index.ts';
import { createEditSetup, type EditInput, type EditSetup, item, meetConflict, meetOpenConflict } from './edit-setup.ts';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const INSUFFICIENT_PRIVILEGE = '42501';

let setup: EditSetup;
let record: number;

beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(async () => {
  record = await setup.addRecord();
});

const edit: EditSetup['edit'] = (items, input) => setup.edit(items, input);
const conflictOf = (items: readonly EditItem[], input?: EditInput) => meetConflict(setup, items, input);
const openConflict = () => meetOpenConflict(setup, record);
const stored = (id: string) => getConflict(setup.database.drizzle, { workspaceId: setup.workspace, ofUser: null }, id);

describe('the stored conflicts', () => {
  const everyone = () => ({ workspaceId: setup.workspace, ofUser: null });
  const list = (input: Partial<Parameters<typeof listConflicts>[1]> = {}) =>
    listConflicts(setup.database.drizzle, {
      ...everyone(),
      state: 'all',
      recordId: record,
      before: null,
      limit: 10,
      ...input,
    });
  const resolve = (conflictId: string, resolution: 'kept-theirs' | 'dropped', ofUser: string | null = null) =>
    resolveConflict(setup.database.drizzle, { ...everyone(), ofUser, conflictId, resolution, by: 'ben' });

  async function addConflicts(count: number): Promise<string[]> {
    await edit([item(record, { note: 'theirs' })], { user: 'ben' });
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const { conflict } = await conflictOf([item(record, { note: `mine ${index}` })], {
        user: index % 2 === 0 ? 'anna' : 'ben',
      });
      ids.push(conflict);
    }
    return ids.toReversed();
  }

  it('R5.2 are listed newest first, page by page', async () => {
    const ids = await addConflicts(5);
    const seen: string[] = [];
    let before: string | null = null;
    for (;;) {
      const page = await list({ before, limit: 2 });
      seen.push(...(page?.conflicts.map(({ conflict }) => conflict) ?? []));
      before = page?.next ?? null;
      if (before === null) break;
    }
    expect(seen).toEqual(ids);
  });

  it('R5.2 are listed of one person, of one record, and as long as they are open', async () => {
    const ids = await addConflicts(4);
    const idsOf = async (input: Parameters<typeof list>[0]) =>
      (await list(input))?.conflicts.map(({ conflict }) => conflict);
    expect(await idsOf({ ofUser: 'anna' })).toEqual([ids[1], ids[3]]);
    await resolve(ids[1] ?? '', 'dropped');
    expect(await idsOf({ state: 'open' })).toEqual([ids[0], ids[2], ids[3]]);
    expect(await idsOf({ ofUser: 'anna', state: 'open' })).toEqual([ids[3]]);
    expect(await idsOf({ recordId: record + 1 })).toEqual([]);
    expect(await idsOf({ workspaceId: setup.otherWorkspace })).toEqual([]);
    expect((await list({ recordId: null, limit: 200 }))?.conflicts.length).toBeGreaterThan(4);
  });

  it('a page that begins at what is not there, or not in sight, is none', async () => {
    const [ofBen = ''] = await addConflicts(2);
    expect(await list({ before: UNKNOWN })).toBeUndefined();
    expect(await list({ before: ofBen, ofUser: 'anna' })).toBeUndefined();
  });

  it('R5.2 are settled without an edit once, and stay so', async () => {
    const { conflict } = await openConflict();
    const first = await resolve(conflict, 'kept-theirs');
    expect(first).toMatchObject({
      asWanted: true,
      conflict: { resolved: { resolution: 'kept-theirs', by: 'user:ben', operation: null } },
    });
    expect(await resolve(conflict, 'kept-theirs')).toEqual(first);
    expect(await resolve(conflict, 'dropped')).toEqual({ ...first, asWanted: false });
    expect(await stored(conflict)).toEqual(first?.conflict);
  });

  it('out of sight are not settled', async () => {
    const { conflict } = await openConflict();
    expect(await resolve(conflict, 'dropped', 'vera')).toBeUndefined();
    expect(await resolve(UNKNOWN, 'dropped')).toBeUndefined();
    expect((await stored(conflict))?.resolved).toBeNull();
  });
});

describe('the audit trail of conflicts', () => {
  /** SQLSTATE of what a statement fails with. */
  const stateOf = (url: string, text: string) =>
    runSql(url, text).then(
      () => 'succeeded',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );

  it.each([
    ['rewrite the content', `update conflicts set fields = '[]'`],
    ['rewrite whose it is', `update conflicts set user_id = 'nobody'`],
    ['rewrite when it was', `update conflicts set at = now()`],
    ['rewrite it beside a resolution', `update conflicts set resolution = 'dropped', overlapping = false`],
    ['delete', 'delete from conflicts'],
    ['truncate', 'truncate conflicts'],
  ])('R5.5 the application may not %s', async (_, statement) => {
    await openConflict();
    expect(await stateOf(setup.appUrl, statement)).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it.each([
    ['the content', `fields = '[]'`],
    ['the record', 'record_id = 1'],
  ])('R5.5 not even the owner rewrites %s', async (_, set) => {
    const { conflict } = await openConflict();
    expect(await stateOf(setup.ownerUrl, `update conflicts set ${set} where id = '${conflict}'`)).toBe(
      INSUFFICIENT_PRIVILEGE,
    );
  });

  it('R5.5 a resolution is set once', async () => {
    const { conflict } = await openConflict();
    const settle = (resolution: string) =>
      stateOf(
        setup.appUrl,
        `update conflicts set resolution = '${resolution}', resolved_by = 'anna', resolved_at = now() where id = '${conflict}'`,
      );
    expect(await settle('anyhow')).toBe('23514');
    expect(await settle('dropped')).toBe('succeeded');
    expect(await settle('kept-theirs')).toBe(INSUFFICIENT_PRIVILEGE);
    expect(
      await stateOf(
        setup.appUrl,
        `update conflicts set resolution = null, resolved_by = null, resolved_at = null where id = '${conflict}'`,
      ),
    ).toBe(INSUFFICIENT_PRIVILEGE);
  });
});
