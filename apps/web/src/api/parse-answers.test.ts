import type { Me, Member } from '@meldesync/protocol';
import { expect, it } from 'vitest';
import { parseAnswers } from './parse-answers.ts';

const WORKSPACE = '3f0e1f6a-9d0c-4c5e-8f51-0a4f3f6a9d0c';
const anna: Me = { user: { id: 'a', name: 'Anna', email: 'a@test.example' }, workspaces: [] };
const members: Member[] = [{ id: 'a', name: 'Anna', role: 'editor' }];

it('R4.3 reads who was signed in last and their colleagues', () => {
  const parsed = parseAnswers({ me: anna, members: { [WORKSPACE]: members } }, 'a');
  expect(parsed).toEqual({ me: anna, members: new Map([[WORKSPACE, members]]) });
});

it.each([null, 'a', {}, { me: {} }, { me: anna.user }, [anna]])(
  'takes %j, which is none of its own, for nothing',
  (kept) => {
    expect(parseAnswers(kept, 'a')).toEqual({ me: null, members: new Map() });
  },
);

it('reads nothing of one person for another', () => {
  expect(parseAnswers({ me: anna, members: { [WORKSPACE]: members } }, 'b').me).toBeNull();
});

it('leaves out a list that cannot be read', () => {
  const parsed = parseAnswers({ me: anna, members: { [WORKSPACE]: members, other: [{ id: 1 }] } }, 'a');
  expect([...parsed.members.keys()]).toEqual([WORKSPACE]);
});
