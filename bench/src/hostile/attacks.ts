import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attacker } from './attacker.ts';

/** Who attacks: one signed-in person with many connections, or many who are not signed in. */
export type AttackBy = 'viewer' | 'editor' | 'auditor' | 'strangers';

/** One of the most expensive things that somebody may do, done again and again on each of their connections. */
export interface Attack {
  readonly name: string;
  readonly by: AttackBy;
  readonly act: (attacker: Attacker) => Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const SOCKETS_EACH = 50;
const HELD_EACH = 11;

const inWorkspace = ({ target }: Attacker, path: string) => `/api/v1/workspaces/${target.workspace}${path}`;

const get =
  (path: (attacker: Attacker) => string, headers?: Record<string, string>) =>
  async (attacker: Attacker): Promise<void> => {
    await attacker.ask('GET', path(attacker), undefined, headers);
  };

const post =
  (path: (attacker: Attacker) => string, body: (attacker: Attacker) => unknown) =>
  async (attacker: Attacker): Promise<void> => {
    await attacker.ask('POST', path(attacker), body(attacker));
  };

const own = ({ target, index, turn }: Attacker): number =>
  target.records[(index * 97 + turn) % target.records.length] ?? 0;

/** Sends by the hundred, then waits until it was heard. */
async function flood(
  attacker: Attacker,
  message: Parameters<NonNullable<Awaited<ReturnType<Attacker['socket']>>>['send']>[0],
) {
  const socket = await attacker.socket();
  if (!socket) return;
  attacker.tally.asked += 100;
  for (let count = 0; count < 100; count++) socket.send(message);
  await socket.ask({ type: 'ping', sentAt: Date.now() });
}

async function stalledUpload(attacker: Attacker): Promise<void> {
  const begun = `1400000\r\n${'x'.repeat(4 * MEBIBYTE)}`;
  await attacker.stall(
    inWorkspace(attacker, '/imports'),
    ['Content-Type: multipart/form-data; boundary=b', 'Transfer-Encoding: chunked'],
    begun,
  );
}

async function manySockets(attacker: Attacker): Promise<void> {
  if (attacker.turn >= SOCKETS_EACH) {
    await sleep(100);
    return;
  }
  const socket = await attacker.another();
  await socket?.ask({ type: 'subscribe', cursor: attacker.target.cursor });
}

async function lockAndUnlock(attacker: Attacker): Promise<void> {
  const socket = await attacker.socket();
  if (!socket) return;
  attacker.tally.asked += 1;
  const answer = await socket.ask({ type: 'lock', request: randomUUID(), records: [own(attacker)] });
  if (answer?.type === 'lock-granted')
    await socket.ask({ type: 'unlock', request: randomUUID(), lock: answer.lock.lock });
  else attacker.tally.refused += 1;
}

/** Twenty records a lock, and never back. */
async function keepLocks(attacker: Attacker): Promise<void> {
  const socket = await attacker.socket();
  if (!socket) return;
  attacker.tally.asked += 1;
  const { records } = attacker.target;
  const first = ((attacker.index * 31 + attacker.turn) * 20) % records.length;
  const answer = await socket.ask({ type: 'lock', request: randomUUID(), records: records.slice(first, first + 20) });
  if (answer?.type !== 'lock-granted') attacker.tally.refused += 1;
}

async function subscribeAgain(attacker: Attacker): Promise<void> {
  const socket = await attacker.socket();
  attacker.tally.asked += 1;
  const answer = await socket?.ask({ type: 'subscribe', cursor: attacker.target.cursor });
  if (answer?.type === 'error') attacker.tally.refused += 1;
}

async function reconnect(attacker: Attacker): Promise<void> {
  const socket = await attacker.socket();
  socket?.close();
}

async function reduceToNothing(attacker: Attacker): Promise<void> {
  const socket = await attacker.socket();
  if (!socket) return;
  if (attacker.turn === 0) await socket.ask({ type: 'subscribe', cursor: attacker.target.cursor });
  socket.pause();
  for (let count = 0; count < 40; count++) socket.send({ type: 'subscribe', cursor: attacker.target.cursor });
  await sleep(500);
}

const bulk = (attacker: Attacker) => ({
  operation: randomUUID(),
  items: attacker.target.records.slice(0, 500).map((record) => ({
    record,
    // No version that is there: each is a conflict, which is put on record.
    baseVersion: 1,
    set: { note: `n${attacker.index}-${attacker.turn}` },
  })),
});

/** Edits as one who may: the versions are read, and then all are changed at once. */
async function editMany(attacker: Attacker): Promise<void> {
  const share = attacker.target.records.slice(attacker.index * 60, attacker.index * 60 + 60);
  const first = share[0] ?? 1;
  const page = await attacker.ask('GET', inWorkspace(attacker, `/records?after=${first - 1}&limit=60`));
  const { records = [] } = page.startsWith('{"records"')
    ? (JSON.parse(page) as { records?: { id: number; version: number }[] })
    : {};
  const items = records.map(({ id, version }) => ({
    record: id,
    baseVersion: version,
    set: { note: `${attacker.index}-${attacker.turn}` },
  }));
  if (items.length > 0) await attacker.ask('POST', inWorkspace(attacker, '/edits'), { operation: randomUUID(), items });
}

const nowhere = () => ({ filter: { text: `nirgends ${randomUUID()}` }, limit: 500 });

/** Everything that was found to cost much, and what is of its kind. */
export const ATTACKS: readonly Attack[] = [
  { name: 'checksum', by: 'viewer', act: get((a) => inWorkspace(a, '/checksum')) },
  { name: 'snapshot of one', by: 'viewer', act: get((a) => inWorkspace(a, `/snapshot?limit=1&after=${own(a)}`)) },
  { name: 'snapshot of 5,000', by: 'viewer', act: get((a) => inWorkspace(a, '/snapshot?limit=5000')) },
  {
    name: 'snapshots of editions that are not there',
    by: 'viewer',
    act: get((a) => inWorkspace(a, `/snapshot?limit=5000&edition=${randomUUID()}`), { 'accept-encoding': 'gzip' }),
  },
  { name: 'snapshots of any size', by: 'viewer', act: get((a) => inWorkspace(a, `/snapshot?limit=${3_000 + a.turn}`)) },
  { name: 'pages of 1,000 records', by: 'viewer', act: get((a) => inWorkspace(a, '/records?limit=1000')) },
  {
    name: 'frames from the beginning',
    by: 'viewer',
    act: get((a) => inWorkspace(a, `/frames?after=${encodeURIComponent(a.target.cursor)}`)),
  },
  {
    name: 'every GET of the API in turn',
    by: 'viewer',
    act: get(({ target, index, turn }) => target.paths[(index + turn) % target.paths.length] ?? '/'),
  },
  { name: 'stalled uploads', by: 'viewer', act: stalledUpload },
  { name: '800 sockets', by: 'viewer', act: manySockets },
  { name: 'connect and leave', by: 'viewer', act: reconnect },
  { name: 'subscribe again', by: 'viewer', act: subscribeAgain },
  { name: 'read nothing', by: 'viewer', act: reduceToNothing },
  { name: 'attend', by: 'viewer', act: (a) => flood(a, { type: 'attend', records: [own(a)] }) },
  { name: 'diverged', by: 'viewer', act: (a) => flood(a, { type: 'diverged', cursor: a.target.cursor }) },
  { name: 'pings', by: 'viewer', act: (a) => flood(a, { type: 'ping', sentAt: Date.now() }) },
  {
    name: 'pages of 1,000 records, of an editor',
    by: 'editor',
    act: get((a) => inWorkspace(a, '/records?limit=1000')),
  },
  { name: 'lock and unlock', by: 'editor', act: lockAndUnlock },
  { name: 'lock everything', by: 'editor', act: keepLocks },
  { name: 'edits of 60 records', by: 'editor', act: editMany },
  { name: 'conflicts of 500 records', by: 'editor', act: post((a) => inWorkspace(a, '/edits'), bulk) },
  { name: 'stalled uploads, of an editor', by: 'editor', act: stalledUpload },
  { name: 'search the trail for nothing', by: 'auditor', act: post((a) => inWorkspace(a, '/audit/query'), nowhere) },
  {
    name: 'export the trail',
    by: 'auditor',
    act: post(
      (a) => inWorkspace(a, '/audit/export'),
      () => ({ filter: {}, format: 'fhir' }),
    ),
  },
  {
    name: 'reports of a case',
    by: 'auditor',
    act: post(
      (a) => inWorkspace(a, '/audit/report'),
      ({ turn }) => ({ case: `F-${turn}` }),
    ),
  },
  { name: 'readiness', by: 'strangers', act: get(() => '/readyz') },
  { name: 'health', by: 'strangers', act: get(() => '/healthz') },
  { name: 'the page', by: 'strangers', act: get(() => '/') },
  { name: 'the description of the API', by: 'strangers', act: get(() => '/api/openapi.json') },
  { name: 'the API without a session', by: 'strangers', act: get((a) => inWorkspace(a, '/records')) },
  {
    name: 'the API with a session that is none',
    by: 'strangers',
    act: get((a) => inWorkspace(a, '/records'), { authorization: `Bearer ${randomUUID()}` }),
  },
  {
    name: 'wrong passwords',
    by: 'strangers',
    act: post(
      () => '/api/auth/sign-in/email',
      ({ target, turn }) => ({ email: target.email, password: `wrong-${turn}` }),
    ),
  },
  { name: 'sockets without a session', by: 'strangers', act: reconnect },
  {
    name: 'stalled bodies',
    by: 'strangers',
    act: async (a) => {
      await Promise.all(
        Array.from({ length: HELD_EACH }, () =>
          a.stall(
            '/api/auth/sign-in/email',
            ['Content-Type: application/json', 'Content-Length: 16000'],
            'x'.repeat(15_000),
          ),
        ),
      );
    },
  },
];
