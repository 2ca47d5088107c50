import { type Me, type Member, me, memberList } from '@meldesync/protocol';
import { keptDatabase } from '../device/kept-database.ts';
import { eraseKept, keyring, loadKeyring, onKeyring } from '../device/keyring.ts';
import { lockValue, unlockValue } from '../device/lock-value.ts';
import { tabTexts } from '../device/tab-texts.ts';

/** What is known of who is signed in. */
interface Answers {
  me: Me | null;
  /** By workspace. */
  readonly members: Map<string, readonly Member[]>;
}

const KEY = 'answers';

let known: Answers = { me: null, members: new Map() };
/** Writes come one after the other. */
let writing: Promise<void> = Promise.resolve();

/**
 * Reads what this browser keeps of who is signed in, for a page that is opened while the service cannot be reached (R4.3). Never
 * rejects.
 */
export async function loadWhatIsKept(): Promise<void> {
  onKeyring(keep);
  try {
    const ring = await loadKeyring();
    await tabTexts.load();
    const locked = ring?.copyKey && (await (await keptDatabase.open()).get('answers', KEY));
    if (locked) known = parseAnswers(await unlockValue(ring.copyKey, locked, KEY), ring.user);
  } catch (error) {
    console.warn('The page does not open without the service', error);
  }
}

/** Keeps who is signed in. */
export function keepMe(latest: Me): void {
  if (known.me?.user.id !== latest.user.id) known = { me: latest, members: new Map() };
  else known.me = latest;
  keep();
}

/** Keeps the people of a workspace of the person that is known. */
export function keepMembers(workspace: string, members: readonly Member[]): void {
  if (!known.me) return;
  known.members.set(workspace, members);
  keep();
}

/** Who was signed in when the service was last asked; null when nobody was or that is not known. */
export function keptMe(): Me | null {
  return known.me;
}

export function keptMembers(workspace: string): Member[] | undefined {
  const members = known.members.get(workspace);
  return members && [...members];
}

/**
 * Nobody is signed in any more, or somebody else: this browser keeps nothing of whoever was, or of that person. Resolves when it is
 * erased; never rejects.
 */
export async function forgetAnswers(person?: string): Promise<void> {
  known = { me: null, members: new Map() };
  await eraseKept(person).catch((error: unknown) => console.warn('What was kept here could not be removed', error));
}

/** Writes down what is known, where that is to be kept. */
function keep(): void {
  writing = writing.then(write).catch((error: unknown) => {
    console.warn('The page will not open without the service', error);
  });
}

async function write(): Promise<void> {
  const ring = keyring();
  if (!known.me || !ring?.copyKey || ring.user !== known.me.user.id) return;
  const answers = { me: known.me, members: Object.fromEntries(known.members) };
  const locked = await lockValue(ring.copyKey, answers, KEY);
  const transaction = (await keptDatabase.open()).transaction(['keyring', 'answers'], 'readwrite');
  // Another page may have signed out meanwhile.
  const entry = await transaction.objectStore('keyring').get('keyring');
  if (entry?.session === ring.session) await transaction.objectStore('answers').put(locked, KEY);
  await transaction.done;
}

function parseAnswers(value: unknown, user: string): Answers {
  const nothing: Answers = { me: null, members: new Map() };
  if (typeof value !== 'object' || value === null) return nothing;
  const { me: person, members } = value as { me?: unknown; members?: unknown };
  const parsed = me.safeParse(person);
  if (!parsed.success || parsed.data.user.id !== user) return nothing;
  const lists = new Map<string, readonly Member[]>();
  for (const [workspace, list] of Object.entries(members ?? {})) {
    const read = memberList.safeParse({ members: list });
    if (read.success) lists.set(workspace, read.data.members);
  }
  return { me: parsed.data, members: lists };
}
