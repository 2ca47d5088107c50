import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { afterPaint } from './after-paint.ts';

/** A page whose frames a test lets come. */
class Page extends EventTarget {
  visibilityState = 'visible';
  readonly frames: (() => void)[] = [];

  turn(visibilityState: 'visible' | 'hidden'): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event('visibilitychange'));
  }

  /** Frames that were asked for; callbacks of those that wait run before they are painted. */
  frame(): void {
    for (const callback of this.frames.splice(0)) callback();
  }
}

let page: Page;
let calls: string[];
const called = (name: string) => (): void => {
  calls.push(name);
};
const untilCalled = (count: number) => vi.waitFor(() => expect(calls).toHaveLength(count));

beforeEach(() => {
  page = new Page();
  calls = [];
  vi.stubGlobal('document', page);
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => page.frames.push(callback));
});
afterEach(() => void vi.unstubAllGlobals());

it('P50 calls back after the frame, and asks for one however many wait for it', async () => {
  afterPaint(called('first'));
  afterPaint(called('second'));
  expect([page.frames.length, calls]).toEqual([1, []]);
  page.frame();
  expect(calls).toEqual([]);
  // What comes once the frame is under way is in the next one.
  afterPaint(called('third'));
  await untilCalled(2);
  expect(calls).toEqual(['first', 'second']);
  expect(page.frames).toHaveLength(1);
  page.frame();
  await untilCalled(3);
});

it('P50 calls back at once where nobody sees the page', () => {
  page.turn('hidden');
  afterPaint(called('hidden'));
  vi.stubGlobal('requestAnimationFrame', undefined);
  page.turn('visible');
  afterPaint(called('no frames'));
  expect(calls).toEqual(['hidden', 'no frames']);
});

it('P50 calls back when the page is hidden before its frame, not when somebody comes back to it, and once', async () => {
  afterPaint(called('before'));
  page.turn('hidden');
  expect(calls).toEqual(['before']);
  page.turn('visible');
  afterPaint(called('after'));
  // The frame of the first and that of the second.
  page.frame();
  await untilCalled(2);
  expect(calls).toEqual(['before', 'after']);
});

it('P50 calls back once when the page is hidden between its frame and the message that follows', async () => {
  afterPaint(called('one'));
  page.frame();
  page.turn('hidden');
  expect(calls).toEqual(['one']);
  page.turn('visible');
  afterPaint(called('two'));
  page.frame();
  await untilCalled(2);
  expect(calls).toEqual(['one', 'two']);
});
