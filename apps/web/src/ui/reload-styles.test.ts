import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reloadFailedStyles } from './reload-styles.ts';

class FakeLink {
  readonly href = 'https://meldesync.example/assets/part.css';
  readonly rel: string;
  readonly replaceWith = vi.fn<(link: FakeLink) => void>();

  constructor(rel: string) {
    this.rel = rel;
  }

  cloneNode(): FakeLink {
    return new FakeLink(this.rel);
  }
}

let fail: (link: FakeLink) => void;
let comeOnline: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('HTMLLinkElement', FakeLink);
  vi.stubGlobal('document', {
    addEventListener: (_: string, listener: (event: { target: unknown }) => void) => {
      fail = (link) => listener({ target: link });
    },
  });
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => {
    comeOnline = listener;
  });
  reloadFailedStyles();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The element that took the place of one. */
const placeTaken = (link: FakeLink) => link.replaceWith.mock.calls[0]?.[0];

it('a style sheet that failed is asked for again after a while, and later each time that it fails again', async () => {
  let link = new FakeLink('stylesheet');
  for (const pauseMs of [1_000, 2_000, 4_000]) {
    fail(link);
    await vi.advanceTimersByTimeAsync(pauseMs - 1);
    expect(link.replaceWith).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const next = placeTaken(link);
    expect(next).toBeInstanceOf(FakeLink);
    link = next ?? link;
  }
});

it('one is asked for at once when the browser is online again, and only once', async () => {
  const link = new FakeLink('stylesheet');
  fail(link);
  comeOnline();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(link.replaceWith).toHaveBeenCalledTimes(1);
});

it('code that was only to be there early is left to who needs it', async () => {
  const link = new FakeLink('modulepreload');
  fail(link);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(link.replaceWith).not.toHaveBeenCalled();
});
