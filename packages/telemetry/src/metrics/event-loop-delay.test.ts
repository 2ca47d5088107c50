import type { ObservableCallback } from '@opentelemetry/api';
import { expect, it, vi } from 'vitest';
import { measureEventLoopDelay } from './event-loop-delay.ts';

it('R5.4 an idle process is late by nothing near the 100 ms between two looks, and one that was busy by how long it was', async () => {
  const callbacks = new Map<string, ObservableCallback>();
  const tell = (name: string): number => {
    let told = Number.NaN;
    void callbacks.get(`nodejs.eventloop.delay.${name}`)?.({
      observe: (value) => {
        told = value;
      },
    });
    return told;
  };
  using _ = measureEventLoopDelay(
    {
      createObservableGauge: (name) => ({
        addCallback: (callback) => callbacks.set(name, callback),
        removeCallback: () => undefined,
      }),
    },
    1_000,
  );
  await vi.waitFor(() => expect(tell('max')).toBeGreaterThan(0), { timeout: 60_000 });
  expect(tell('p50')).toBeLessThan(0.09);
  await vi.waitFor(
    async () => {
      const until = performance.now() + 300;
      while (performance.now() < until);
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      expect(tell('max')).toBeGreaterThan(0.15);
    },
    { timeout: 60_000 },
  );
});
