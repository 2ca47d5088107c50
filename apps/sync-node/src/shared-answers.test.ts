import { expect, it } from 'vitest';
import { SharedAnswers } from './shared-answers.ts';

function setUp() {
  const made: { key: string; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedAnswers<string>(
    (key) =>
      new Promise((answer, fail) => {
        made.push({ key, answer, fail });
      }),
  );
  const settled = () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { shared, made, settled };
}

it('makes one answer at a time for a key, and all who ask meanwhile share the next', async () => {
  const { shared, made, settled } = setUp();
  const first = shared.ask('a');
  const others = [shared.ask('a'), shared.ask('a')];
  const elsewhere = shared.ask('b');
  expect(made.map(({ key }) => key)).toEqual(['a', 'b']);
  made[1]?.answer('b');
  expect(await elsewhere).toBe('b');
  made[0]?.answer('old');
  expect(await first).toBe('old');
  await settled();
  const later = shared.ask('a');
  expect(made).toHaveLength(3);
  made[2]?.answer('new');
  expect(await Promise.all(others)).toEqual(['new', 'new']);
  await settled();
  made[3]?.answer('newest');
  expect(await later).toBe('newest');
  await settled();
  void shared.ask('a');
  expect(made).toHaveLength(5);
});

it('an answer that fails fails for those who share it, and the next is made all the same', async () => {
  const { shared, made, settled } = setUp();
  const first = shared.ask('a');
  const second = shared.ask('a');
  made[0]?.fail(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await settled();
  made[1]?.answer('there again');
  expect(await second).toBe('there again');
});
