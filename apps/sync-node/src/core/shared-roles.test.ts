import type { SessionAccess } from '@meldesync/db';
import { expect, it } from 'vitest';
import { SharedRoles } from './shared-roles.ts';

const QUESTION = { workspaceId: 'w', userId: 'u', sessionId: 's' };
const EDITOR: SessionAccess = { session: 'stands', role: 'editor', expiresAt: 1 };
const VIEWER: SessionAccess = { session: 'stands', role: 'viewer', expiresAt: 1 };

function setUp() {
  const queries: { readonly sessions: string[]; readonly answer: (accesses: SessionAccess[]) => void }[] = [];
  const roles = new SharedRoles({
    sessionRoles: (questions) =>
      new Promise((answer) => {
        queries.push({ sessions: questions.map(({ sessionId }) => sessionId), answer });
      }),
    troubleOf: () => undefined,
  });
  const settled = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { queries, roles, asked: () => queries.map(({ sessions }) => sessions), settled };
}

it('asks once for the windows of a session that come at the same time, and anew for the next', async () => {
  const { queries, roles, asked, settled } = setUp();
  const both = Promise.all([roles.find(QUESTION), roles.find({ ...QUESTION })]);
  expect(asked()).toEqual([['s']]);
  queries[0]?.answer([EDITOR]);
  expect(await both).toEqual([EDITOR, EDITOR]);
  await settled();
  void roles.find(QUESTION);
  expect(asked()).toEqual([['s'], ['s']]);
});

it('P6 never shares between sessions, nor over a change of access', async () => {
  const { queries, roles, asked, settled } = setUp();
  const before = roles.find(QUESTION);
  const other = roles.find({ ...QUESTION, sessionId: 't' });
  roles.forgetAll();
  const after = roles.find(QUESTION);
  queries[0]?.answer([EDITOR]);
  await settled();
  expect(asked()).toEqual([['s'], ['t', 's']]);
  queries[1]?.answer([EDITOR, VIEWER]);
  expect(await Promise.all([before, other, after])).toEqual([EDITOR, EDITOR, VIEWER]);
});
