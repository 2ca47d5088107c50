import { expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

interface Query {
  readonly questions: readonly string[];
  readonly answer: (answers: string[]) => void;
  readonly fail: (error: Error) => void;
}

class Outage extends Error {}

function setUp() {
  const queries: Query[] = [];
  const { ask } = createBatcher<string, string>({
    query: (questions) =>
      new Promise((answer, fail) => {
        queries.push({ questions, answer, fail });
      }),
    isTrouble: (error) => error instanceof Outage,
  });
  const settled = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { ask, queries, asked: () => queries.map(({ questions }) => questions), settled };
}

it('R4.2 asks the first at once, and in one query all that come meanwhile, each with an answer of its own', async () => {
  const { ask, queries, asked, settled } = setUp();
  const first = ask('first');
  const others = Promise.all(['a', 'b', 'c'].map(ask));
  expect(asked()).toEqual([['first']]);
  queries[0]?.answer(['1']);
  expect(await first).toBe('1');
  await settled();
  expect(asked()).toEqual([['first'], ['a', 'b', 'c']]);
  queries[1]?.answer(['A', 'B', 'C']);
  expect(await others).toEqual(['A', 'B', 'C']);
  await settled();
  void ask('later');
  expect(asked()).toHaveLength(3);
});

it('a query that fails, or does not answer everything, fails for those it was for; the others are asked', async () => {
  const { ask, queries, settled } = setUp();
  const first = ask('first').catch(String);
  const second = ask('second').catch(String);
  queries[0]?.fail(new Error('no database'));
  await settled();
  queries[1]?.answer([]);
  expect(await Promise.all([first, second])).toEqual(['Error: no database', 'Error: 0 answers to 1 questions']);
  const third = ask('third');
  queries[2]?.answer(['3']);
  expect(await third).toBe('3');
});

it('one question that cannot be asked goes without an answer, alone', async () => {
  const { ask, queries, settled } = setUp();
  const questions = ['first', 'a', 'b', 'bad', 'c', 'd', 'e'];
  const all = Promise.allSettled(questions.map(ask));
  for (let next = 0; next < queries.length; next++) {
    const query = queries[next];
    if (query?.questions.includes('bad')) query.fail(new Error('invalid byte sequence'));
    else query?.answer(query.questions.map((question) => question.toUpperCase()));
    await settled();
  }
  expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    'FIRST',
    'A',
    'B',
    'Error: invalid byte sequence',
    'C',
    'D',
    'E',
  ]);
});

it('an outage is not asked again in parts', async () => {
  const { ask, queries, settled } = setUp();
  const all = Promise.allSettled(['first', 'a', 'b', 'c'].map(ask));
  queries[0]?.answer(['1']);
  await settled();
  queries[1]?.fail(new Outage('no database'));
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
  expect(queries).toHaveLength(2);
});

it('does not put more into a query than it can take', async () => {
  const { ask, queries, asked, settled } = setUp();
  const all = Promise.all(Array.from({ length: 1_100 }, (_, index) => ask(`${index}`)));
  for (let query = 0; query < 4; query++) {
    queries[query]?.answer([...(queries[query]?.questions ?? [])]);
    await settled();
  }
  expect(await all).toEqual(Array.from({ length: 1_100 }, (_, index) => `${index}`));
  expect(asked().map(({ length }) => length)).toEqual([1, 500, 500, 99]);
});
