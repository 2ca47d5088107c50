import type { SessionAccess } from '@meldesync/db';
import { expect, it } from 'vitest';
import type { SessionData } from './session-data.ts';
import { SharedRoles } from './shared-roles.ts';

const QUESTION = { workspaceId: 'w', userId: 'u', sessionId: 's' };
const EDITOR: SessionAccess = { session: 'stands', role: 'editor', expiresAt: 1 };
const VIEWER: SessionAccess = { session: 'stands', role: 'viewer', expiresAt: 1 };
const ENDED: SessionAccess = { session: 'ended' };

interface Query {
  readonly sessions: string[];
  readonly answer: (accesses: SessionAccess[]) => void;
  readonly fail: (error: Error) => void;
}

function setUp() {
  const queries: Query[] = [];
  const ask: SessionData['sessionRoles'] = (questions) =>
    new Promise((answer, fail) => {
      queries.push({ sessions: questions.map(({ sessionId }) => sessionId), answer, fail });
    });
  const roles = new SharedRoles(ask);
  const find = (sessionId: string) => roles.find({ ...QUESTION, sessionId });
  const asked = () => queries.map(({ sessions }) => sessions);
  const settled = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { queries, roles, find, asked, settled };
}

it('asks once for the windows of a session that come at the same time, and anew for the next', async () => {
  const { queries, find, asked, settled } = setUp();
  const both = Promise.all([find('s'), find('s')]);
  expect(asked()).toEqual([['s']]);
  queries[0]?.answer([EDITOR]);
  expect(await both).toEqual([EDITOR, EDITOR]);
  await settled();
  void find('s');
  expect(asked()).toEqual([['s'], ['s']]);
});

it('R4.2 asks at once for the first, and in one query for all who come meanwhile, each with an answer of their own', async () => {
  const { queries, find, asked, settled } = setUp();
  const first = find('first');
  const others = Promise.all(['a', 'b', 'c'].map(find));
  expect(asked()).toEqual([['first']]);
  queries[0]?.answer([EDITOR]);
  expect(await first).toEqual(EDITOR);
  await settled();
  expect(asked()).toEqual([['first'], ['a', 'b', 'c']]);
  queries[1]?.answer([VIEWER, ENDED, EDITOR]);
  expect(await others).toEqual([VIEWER, ENDED, EDITOR]);
});

it('P6 never shares over a change of access', async () => {
  const { queries, roles, find, settled } = setUp();
  const before = find('s');
  roles.forgetAll();
  const after = find('s');
  queries[0]?.answer([EDITOR]);
  await settled();
  queries[1]?.answer([VIEWER]);
  expect(await Promise.all([before, after])).toEqual([EDITOR, VIEWER]);
});

it('shares a failure among those of a query, and asks on for the others', async () => {
  const { queries, find, settled } = setUp();
  const both = Promise.allSettled([find('s'), find('s')]);
  const other = find('t');
  queries[0]?.fail(new Error('no database'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await settled();
  queries[1]?.answer([EDITOR]);
  expect(await other).toEqual(EDITOR);
});
