import { eventually, startTestRedis, type TestRedis } from '@meldesync/testkit';
import { Queue, RedisQueueBackend } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startSteadyWorker, WorkerStuckError } from '../src/jobs/steady-worker.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());
afterEach(() => {
  vi.restoreAllMocks();
});

/** Until it is called all goes well. Then the backends there are get no answer any more, so BullMQ's loop waits for ever; later ones do. */
function readyToHang(): () => void {
  const original = RedisQueueBackend.prototype.moveToActive;
  const lost = new Set<RedisQueueBackend>();
  let isHanging = false;
  vi.spyOn(RedisQueueBackend.prototype, 'moveToActive').mockImplementation(async function (
    this: RedisQueueBackend,
    ...question
  ) {
    if (!isHanging) lost.add(this);
    else if (lost.has(this)) await new Promise(() => undefined);
    return original.apply(this, question);
  });
  return () => {
    isHanging = true;
  };
}

it('R3.1 a worker whose loop hangs says so and is replaced; the job under way is stopped, and worked through by the next', async () => {
  const hang = readyToHang();
  /** What went wrong, and whether the worker said then that it takes jobs. */
  const errors: [Error, boolean][] = [];
  const attempts: AbortSignal[] = [];
  const ended: string[] = [];
  await using worker = startSteadyWorker<{ name: string }>({
    queue: 'test',
    redisUrl: redis.url,
    prefix: 'steady',
    settings: { concurrency: 4, lockDuration: 1_000, stalledInterval: 500, maxStalledCount: 10 },
    work: async (job, _token, signal) => {
      attempts.push(signal);
      if (attempts.length > 1) return;
      // The first one lasts until its worker is given up.
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      throw new Error(`${job.name} was stopped`);
    },
    onCompleted: (job) => ended.push(job.data.name),
    onFailed: () => undefined,
    onConnectionError: () => undefined,
    onError: (error) => errors.push([error, worker.isTaking]),
  });
  await using queue = closing(new Queue('test', { connection: { url: redis.url }, prefix: 'steady' }));
  await queue.it.add('test', { name: 'first' }, { attempts: 5 });
  await eventually(() => expect(attempts).toHaveLength(1));
  expect(worker.isTaking).toBe(true);
  hang();
  await eventually(() => expect(ended).toEqual(['first']));
  expect(worker.isTaking).toBe(true);
  expect(errors.filter(([error]) => error instanceof WorkerStuckError)).toEqual([[expect.anything(), false]]);
  expect(attempts.map((signal) => signal.aborted)).toEqual([true, false]);
});

function closing(it: Queue): { it: Queue } & AsyncDisposable {
  return { it, [Symbol.asyncDispose]: () => it.close() };
}
