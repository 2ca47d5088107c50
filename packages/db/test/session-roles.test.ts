import { afterEach, beforeEach, expect, it } from 'vitest';
import { getSessionRole, getSessionRoles } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

const UNKNOWN_WORKSPACE = '00000000-0000-4000-8000-000000000000';
const EXPIRES_AT = Date.UTC(2100, 0, 1);
const FOREVER = { idleMs: 1e13, sharedIdleMs: 1e13, maxMs: 1e13, keyIds: [] };

let setup: EditSetup;
beforeEach(async () => {
  setup = await createEditSetup();
  const add = (user: string, expiresAt: Date) =>
    setup.sql(`insert into auth.session (id, user_id, token, expires_at) values ($1, $2, $1, $3)`, [
      `${user}-${expiresAt.getUTCFullYear()}`,
      user,
      expiresAt,
    ]);
  for (const user of ['anna', 'vera', 'olga']) await add(user, new Date(EXPIRES_AT));
  await add('anna', new Date(Date.UTC(2000, 0, 1)));
});
afterEach(() => setup[Symbol.asyncDispose]());

const stands = (role: string | undefined) => ({ session: 'stands', expiresAt: EXPIRES_AT, role });

it('P6 answers each of many questions by itself: another session, person or workspace changes no other answer', async () => {
  const { accounts, workspace, otherWorkspace } = setup;
  const ask = (userId: string, sessionId: string, workspaceId = workspace) => ({ userId, sessionId, workspaceId });
  const questions = [
    [ask('vera', 'vera-2100'), stands('viewer')],
    [ask('anna', 'anna-2100'), stands('editor')],
    [ask('anna', 'anna-2000'), { session: 'ended' }],
    [ask('anna', 'nobody-2100'), { session: 'ended' }],
    // Somebody else's session says nothing of her.
    [ask('anna', 'vera-2100'), { session: 'ended' }],
    [ask('olga', 'olga-2100'), stands(undefined)],
    [ask('olga', 'olga-2100', otherWorkspace), stands('editor')],
    [ask('anna', 'anna-2100', UNKNOWN_WORKSPACE), stands(undefined)],
    [ask('anna', 'anna-2100'), stands('editor')],
  ] as const;
  const answers = await getSessionRoles(
    accounts.drizzle,
    questions.map(([question]) => question),
    FOREVER,
  );
  expect(answers).toEqual(questions.map(([, answer]) => answer));
  for (const [question, answer] of questions) {
    expect(await getSessionRole(accounts.drizzle, question, FOREVER)).toEqual(answer);
  }
});
