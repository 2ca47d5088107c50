import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAttending, REST_MS } from './attending.ts';

describe('saying what is open in this window', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function attend() {
    const said: (readonly number[])[] = [];
    return { said, attending: createAttending({ attend: (records) => said.push(records) }) };
  }

  it('says the case in the panel, the one in an editor over it, and none after both are closed', () => {
    const { said, attending } = attend();
    const closePanel = attending.open([2, 1]);
    vi.advanceTimersByTime(REST_MS);
    const closeEditor = attending.open([7]);
    vi.advanceTimersByTime(REST_MS);
    closeEditor();
    vi.advanceTimersByTime(REST_MS);
    closePanel();
    vi.advanceTimersByTime(REST_MS);
    expect(said).toEqual([[1, 2], [7], [1, 2], []]);
  });

  it('says only the case someone stays on, and each once', () => {
    const { said, attending } = attend();
    let close = attending.open([1]);
    for (const record of [2, 3, 4]) {
      close();
      close = attending.open([record]);
    }
    vi.advanceTimersByTime(REST_MS);
    close();
    attending.open([4]);
    vi.advanceTimersByTime(REST_MS);
    expect(said).toEqual([[4]]);
  });
});
