import { expect, it } from 'vitest';
import { breakAndMend } from './break-and-mend.ts';
import { type Breakage, type FaultScene, NotMade } from './fault.ts';

const scene = { signal: new AbortController().signal } as FaultScene;
const run = (start: () => Promise<Breakage>) => breakAndMend({ name: 'x', what: 'y', seconds: 0, start }, scene);

it('a fault that did something says how often, and what was seen meanwhile', async () => {
  const watch = async (signal: AbortSignal): Promise<string[]> => {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    return ['a screen was dark'];
  };
  expect(await run(async () => ({ watch, mend: () => 3 }))).toEqual({ made: 3, fellShort: ['a screen was dark'] });
});

it('a fault that did nothing, or could not begin, was not made', async () => {
  await expect(run(async () => ({ mend: () => 0 }))).rejects.toThrow(NotMade);
  await expect(run(() => Promise.reject(new Error('no disk')))).rejects.toThrow('x could not be made: no disk');
});

it('what is broken is mended, also where who looks on fails', async () => {
  let isMended = false;
  const mend = (): number => {
    isMended = true;
    return 1;
  };
  await expect(run(async () => ({ watch: () => Promise.reject(new Error('lost')), mend }))).rejects.toThrow('lost');
  expect(isMended).toBe(true);
});
