import { expect, it } from 'vitest';
import { AdministrationNews } from './administration-news.ts';

function setUp() {
  const waiting: { at: number; call: () => void }[] = [];
  const told: [number, string, string][] = [];
  let now = 0;
  const news = new AdministrationNews({
    runtime: {
      after: (delayMs, call) => {
        const timer = { at: now + delayMs, call };
        waiting.push(timer);
        return { cancel: () => void waiting.splice(waiting.indexOf(timer), 1) };
      },
    },
    publish: (workspace, message) => told.push([now, workspace, message]),
    followed: () => ['a', 'b'],
  });
  const pass = (untilMs: number) => {
    for (;;) {
      const next = waiting.filter(({ at }) => at <= untilMs).toSorted((x, y) => x.at - y.at)[0];
      if (!next) break;
      waiting.splice(waiting.indexOf(next), 1);
      now = next.at;
      next.call();
    }
    now = untilMs;
  };
  return { news, told, pass, waiting };
}

const NEWS = '{"type":"administration"}';

it('P53 the screens of a workspace hear of many acts once, all others once a little later', () => {
  const { news, told, pass } = setUp();
  for (let act = 0; act < 100; act++) news.heard('a');
  pass(10_000);
  expect(told).toEqual([
    [250, 'a', NEWS],
    [2_000, 'a', NEWS],
    [2_000, 'b', NEWS],
  ]);
});

it('P53 everybody hears of what is of the whole installation', () => {
  const { news, told, pass } = setUp();
  news.heard(null);
  pass(10_000);
  expect(told).toEqual([
    [2_000, 'a', NEWS],
    [2_000, 'b', NEWS],
  ]);
});

it('P53 nothing is told once it is disposed of', () => {
  const { news, waiting } = setUp();
  news.heard('a');
  news[Symbol.dispose]();
  expect(waiting).toEqual([]);
});
