import { type DatedNotice, type NewNotice, NoticesUnwrittenError } from '@meldesync/db';
import { createLogger } from '@meldesync/telemetry';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemRuntime } from '../runtime.ts';
import { type NoticeStore, TrailWriter } from './trail-writer.ts';
import { WaitingNotices } from './waiting-notices.ts';

const noticeOf = (subject: string): NewNotice => ({
  kind: 'lock-taken',
  actor: 'user:anna',
  sessionId: null,
  address: null,
  workspaceId: null,
  subject,
  before: null,
  after: null,
});

class Refused extends Error {
  readonly code = '22P05';
}

/** A writer whose timers a test lets go on, and the table that it writes into. */
function setUp(most = { count: 1_000, bytes: 1_000_000 }) {
  const table: NewNotice[] = [];
  const pending: (() => void)[] = [];
  const counted = { written: 0, untold: 0 };
  const lines: Record<string, unknown>[] = [];
  const commits = new Map<string, readonly DatedNotice[]>();
  let trouble: ((notices: readonly DatedNotice[]) => Error | 'commit-unheard' | undefined) | undefined;
  const store: NoticeStore = {
    write: async (notices) => {
      const answer = trouble?.(notices);
      if (answer === 'commit-unheard') {
        const txid = `${commits.size + 1}`;
        commits.set(txid, notices);
        table.push(...notices.map(({ notice }) => notice));
        throw new NoticesUnwrittenError(txid, { cause: new Error('Connection terminated') });
      }
      if (answer) throw new NoticesUnwrittenError(undefined, { cause: answer });
      table.push(...notices.map(({ notice }) => notice));
    },
    fateOf: async (txid) => (commits.has(txid) ? 'committed' : 'gone'),
  };
  const writer = new TrailWriter({
    node: 'node-1',
    runtime: {
      ...systemRuntime,
      after: (_, callback) => {
        pending.push(callback);
        return { cancel: () => void pending.splice(0, pending.length, ...pending.filter((one) => one !== callback)) };
      },
    },
    store,
    logger: createLogger({
      name: 'test',
      level: 'info',
      format: 'json',
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
    onNoted: (outcome, count) => {
      counted[outcome] += count;
    },
    waiting: new WaitingNotices(most),
  });
  /** Lets timers go on, one after the other. */
  const goOn = async (times = 1): Promise<void> => {
    for (let time = 0; time < times; time++) {
      pending.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return {
    writer,
    table,
    counted,
    lines,
    pending,
    goOn,
    fail: (how: typeof trouble) => {
      trouble = how;
    },
  };
}

const subjects = (table: readonly NewNotice[]) => table.map(({ subject }) => subject);

it('R5.1 what is noted is written in its order, many with one statement', async () => {
  const { writer, table, goOn, counted } = setUp();
  for (const subject of ['a', 'b', 'c']) writer.note(noticeOf(subject));
  expect(table).toEqual([]);
  await goOn();
  expect([subjects(table), counted]).toEqual([['a', 'b', 'c'], { written: 3, untold: 0 }]);
});

it('R5.1 while nothing can be written it waits, and nothing is lost', async () => {
  const { writer, table, goOn, fail, counted } = setUp();
  fail(() => new Error('Connection terminated'));
  writer.note(noticeOf('a'));
  await goOn(3);
  writer.note(noticeOf('b'));
  fail(undefined);
  await goOn(2);
  expect([subjects(table), counted]).toEqual([['a', 'b'], { written: 2, untold: 0 }]);
});

it('R5.1 beyond the limit entries are lost, counted, and told as one entry once writing works again', async () => {
  const { writer, table, goOn, fail, counted, lines } = setUp({ count: 2, bytes: 1_000_000 });
  fail(() => new Error('Connection terminated'));
  for (const subject of ['a', 'b', 'c', 'd', 'e']) writer.note(noticeOf(subject));
  await goOn(2);
  expect(counted).toEqual({ written: 0, untold: 3 });
  fail(undefined);
  await goOn(2);
  expect(table.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['lock-taken', 'a'],
    ['lock-taken', 'b'],
    ['entries-untold', null],
  ]);
  expect(table[2]).toMatchObject({ actor: 'system', after: { count: 3, kinds: { 'lock-taken': 3 }, node: 'node-1' } });
  expect(lines.filter(({ event }) => event === 'entries-untold')).toMatchObject([{ count: 3 }]);
  writer.note(noticeOf('f'));
  await goOn();
  expect(subjects(table).at(-1)).toBe('f');
});

it('what waits is bounded in bytes too', () => {
  const { writer, counted } = setUp({ count: 1_000, bytes: 400 });
  for (let index = 0; index < 10; index++) writer.note(noticeOf('x'.repeat(50)));
  expect(counted.untold).toBeGreaterThan(5);
});

it('a notice that Postgres refuses costs itself alone', async () => {
  const { writer, table, goOn, fail, counted } = setUp();
  fail((notices) => (notices.some(({ notice }) => notice.subject === 'bad') ? new Refused() : undefined));
  for (const subject of ['a', 'b', 'bad', 'c', 'd']) writer.note(noticeOf(subject));
  await goOn(3);
  expect(subjects(table).filter((subject) => subject !== null)).toEqual(['a', 'b', 'c', 'd']);
  expect([counted.untold, table.at(-1)?.kind]).toEqual([1, 'entries-untold']);
});

it('what was committed though nobody heard of it is not written again', async () => {
  const { writer, table, goOn, fail } = setUp();
  fail(() => 'commit-unheard');
  writer.note(noticeOf('a'));
  await goOn();
  fail(undefined);
  writer.note(noticeOf('b'));
  await goOn(2);
  expect(subjects(table)).toEqual(['a', 'b']);
});

it('a node that stops writes what waits, and says what it could not write', async () => {
  const stopped = setUp();
  stopped.writer.note(noticeOf('a'));
  await stopped.writer[Symbol.asyncDispose]();
  expect(subjects(stopped.table)).toEqual(['a']);
  const cut = setUp();
  cut.fail(() => new Error('Connection terminated'));
  cut.writer.note(noticeOf('a'));
  await cut.writer[Symbol.asyncDispose]();
  expect([cut.counted.untold, cut.lines.at(-1)?.['event']]).toEqual([1, 'entries-untold']);
});

it('R5.1 whatever goes wrong meanwhile, each is written once, in order, or counted', async () => {
  const trouble = fc.constantFrom('works', 'outage', 'commit-unheard', 'refused');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 4 }), trouble), { maxLength: 12 }), async (steps) => {
      const { writer, table, goOn, fail, counted } = setUp({ count: 10, bytes: 1_000_000 });
      let noted = 0;
      for (const [count, how] of steps) {
        for (let one = 0; one < count; one++) writer.note(noticeOf(String(noted++).padStart(3, '0')));
        fail((notices) => {
          if (how === 'outage') return new Error('Connection terminated');
          if (how === 'commit-unheard') return how;
          return how === 'refused' && notices.some(({ notice }) => notice.subject?.endsWith('3'))
            ? new Refused()
            : undefined;
        });
        await goOn();
      }
      fail(undefined);
      await goOn(4);
      const told = subjects(table).filter((subject) => subject !== null);
      expect(told).toEqual([...new Set(told)].toSorted());
      expect(told.length + counted.untold).toBe(noted);
      const untold = table.flatMap(({ kind, after }) => (kind === 'entries-untold' ? Number(after?.['count']) : []));
      // One whose commit was not heard of may be told of again, and never less.
      expect(untold.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(counted.untold);
    }),
    { numRuns: 200 },
  );
});
