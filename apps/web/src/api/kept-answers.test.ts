import type { Me, Member } from '@meldesync/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forgetAnswers, keepMe, keepMembers, keptMe, keptMembers } from './kept-answers.ts';

const WORKSPACE = '3f0e1f6a-9d0c-4c5e-8f51-0a4f3f6a9d0c';
const anna: Me = { user: { id: 'a', name: 'Anna', email: 'a@test.example' }, workspaces: [] };
const ben: Me = { user: { id: 'b', name: 'Ben', email: 'b@test.example' }, workspaces: [] };
const members: Member[] = [{ id: 'a', name: 'Anna', role: 'editor' }];

/** What is stored are the object's own properties, as in a browser. */
class MemoryStorage {
  [key: string]: unknown;
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null;
  }
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

let stored: MemoryStorage;
beforeEach(() => {
  stored = new MemoryStorage();
  vi.stubGlobal('localStorage', stored);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('R4.3 keeps who was signed in last and their colleagues, until they sign out', () => {
  keepMe(anna);
  keepMembers(WORKSPACE, members);
  keepMe(anna);
  expect([keptMe(), keptMembers(WORKSPACE)]).toEqual([anna, members]);
  forgetAnswers();
  expect([keptMe(), keptMembers(WORKSPACE), Object.keys(stored)]).toEqual([null, undefined, []]);
});

it('keeps nothing of one person for another, and nothing of nobody', () => {
  keepMembers(WORKSPACE, members);
  expect(Object.keys(stored)).toEqual([]);
  keepMe(anna);
  keepMembers(WORKSPACE, members);
  keepMe(ben);
  expect([keptMe(), keptMembers(WORKSPACE)]).toEqual([ben, undefined]);
});

it.each(['{', '{"me":{}}', 'null'])('takes %s, which is none of its own, for nothing', (text) => {
  keepMe(anna);
  for (const key of Object.keys(stored)) stored.setItem(key, text);
  expect(keptMe()).toBeNull();
});

it('does without where the browser forbids storage', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('denied');
    },
  });
  keepMe(anna);
  expect(keptMe()).toBeNull();
  expect(warn).toHaveBeenCalled();
});
