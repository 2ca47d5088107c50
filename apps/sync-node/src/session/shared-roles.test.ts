import type { SessionAccess } from '@meldesync/db';
import { expect, it } from 'vitest';
import { SharedRoles } from './shared-roles.ts';

const QUESTION = { workspaceId: 'w', userId: 'u', sessionId: 's' };
const EDITOR: SessionAccess = { session: 'stands', role: 'editor', expiresAt: 1 };

function setUp() {
  const asked: { readonly resolve: (access: SessionAccess) => void; readonly reject: (error: Error) => void }[] = [];
  const roles = new SharedRoles(
    () =>
      new Promise((resolve, reject) => {
        asked.push({ resolve, reject });
      }),
  );
  return { asked, roles };
}

it('asks once for those who ask at the same time, and anew for the next', async () => {
  const { asked, roles } = setUp();
  const both = Promise.all([roles.find(QUESTION), roles.find({ ...QUESTION })]);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve(EDITOR);
  expect(await both).toEqual([EDITOR, EDITOR]);
  void roles.find(QUESTION);
  expect(asked).toHaveLength(2);
});

it('never shares between sessions, nor over a change of access', () => {
  const { asked, roles } = setUp();
  void roles.find(QUESTION);
  void roles.find({ ...QUESTION, sessionId: 't' });
  expect(asked).toHaveLength(2);
  roles.forgetAll();
  void roles.find(QUESTION);
  expect(asked).toHaveLength(3);
});

it('shares a failure, and forgets it', async () => {
  const { asked, roles } = setUp();
  const both = Promise.allSettled([roles.find(QUESTION), roles.find(QUESTION)]);
  asked[0]?.reject(new Error('no database'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void roles.find(QUESTION);
  expect(asked).toHaveLength(2);
});
