import type { Me, Member } from '@meldesync/protocol';
import { expect, it, vi } from 'vitest';

const WORKSPACE = '3f0e1f6a-9d0c-4c5e-8f51-0a4f3f6a9d0c';
const anna: Me = { user: { id: 'a', name: 'Anna', email: 'a@test.example' }, workspaces: [] };
const ben: Me = { user: { id: 'b', name: 'Ben', email: 'b@test.example' }, workspaces: [] };
const members: Member[] = [{ id: 'a', name: 'Anna', role: 'editor' }];

/** A page's memory begins anew with each import. There is no cryptography and no database here: nothing is kept beyond it. */
async function openPage() {
  vi.resetModules();
  return import('./kept-answers.ts');
}

it('knows who was signed in last and their colleagues, until they sign out', async () => {
  const { forgetAnswers, keepMe, keepMembers, keptMe, keptMembers } = await openPage();
  keepMe(anna);
  keepMembers(WORKSPACE, members);
  keepMe(anna);
  expect([keptMe(), keptMembers(WORKSPACE)]).toEqual([anna, members]);
  await forgetAnswers();
  expect([keptMe(), keptMembers(WORKSPACE)]).toEqual([null, undefined]);
});

it('knows nothing of one person for another, and nothing of nobody', async () => {
  const { keepMe, keepMembers, keptMe, keptMembers } = await openPage();
  keepMembers(WORKSPACE, members);
  expect(keptMembers(WORKSPACE)).toBeUndefined();
  keepMe(anna);
  keepMembers(WORKSPACE, members);
  keepMe(ben);
  expect([keptMe(), keptMembers(WORKSPACE)]).toEqual([ben, undefined]);
});
