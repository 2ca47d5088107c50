import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tellActivity } from './tell-activity.ts';

let listeners: Map<string, () => void>;
beforeEach(() => {
  vi.useFakeTimers();
  listeners = new Map();
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal('removeEventListener', (name: string) => listeners.delete(name));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('tells with the first key or press, and then once a minute, only while there is input', async () => {
  const tell = vi.fn(() => Promise.resolve());
  const end = tellActivity(tell, () => true);
  expect(tell).not.toHaveBeenCalled();
  for (const sign of ['keydown', 'pointerdown', 'keydown']) listeners.get(sign)?.();
  expect(tell).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(tell).toHaveBeenCalledTimes(1);
  listeners.get('touchstart')?.();
  expect(tell).toHaveBeenCalledTimes(2);
  end();
  expect(listeners.size).toBe(0);
});

it('what could not be told is told with an input of some seconds later, not with every key', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const tell = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue();
  tellActivity(tell, () => true);
  listeners.get('keydown')?.();
  await vi.advanceTimersByTimeAsync(4_000);
  for (let key = 0; key < 20; key++) listeners.get('keydown')?.();
  expect(tell).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  listeners.get('keydown')?.();
  expect(tell).toHaveBeenCalledTimes(2);
});
