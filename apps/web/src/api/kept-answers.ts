import { type Me, type Member, me, memberList } from '@meldesync/protocol';
import { withStorage } from '../preferences/with-storage.ts';

const PREFIX = 'meldesync.kept.';
const ME = `${PREFIX}me`;
const membersOf = (workspace: string): string => `${PREFIX}members.${workspace}`;

/** The part of a zod schema that is needed here. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** Keeps who is signed in, for a page that is opened while the service cannot be reached (R4.3). */
export function keepMe(latest: Me): void {
  if (keptMe()?.user.id !== latest.user.id) forgetAnswers();
  write(ME, latest);
}

/** Keeps the people of a workspace of the person that is known. */
export function keepMembers(workspace: string, members: readonly Member[]): void {
  if (keptMe()) write(membersOf(workspace), { members });
}

/** Who was signed in when the service was last asked; null when nobody was or that is not known. */
export function keptMe(): Me | null {
  return read(ME, me);
}

export function keptMembers(workspace: string): Member[] | undefined {
  return read(membersOf(workspace), memberList)?.members;
}

/** Nobody is signed in any more, or somebody else. */
export function forgetAnswers(): void {
  inBrowser((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  });
}

function read<T>(key: string, schema: Schema<T>): T | null {
  let text: string | null = null;
  inBrowser((storage) => {
    text = storage.getItem(key);
  });
  if (text === null) return null;
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function write(key: string, value: unknown): void {
  inBrowser((storage) => storage.setItem(key, JSON.stringify(value)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Written by something else: it is as good as nothing.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function inBrowser(use: (storage: Storage) => void): void {
  withStorage(() => globalThis.localStorage, 'the page will not open without the service', use);
}
