import { startTestRedis } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { createStreamEraser, feedKeys } from '../src/index.ts';

const WORKSPACE = '00000000-0000-4000-8000-000000000001';
const STREAM = feedKeys('test').stream('0000abcd', WORKSPACE);

it('R5.5 what is trimmed from a stream is not in its bytes any more, and what stays is as it was', async () => {
  await using redis = await startTestRedis();
  using eraser = createStreamEraser({ url: redis.url, prefix: 'test', onConnectionError: () => undefined });
  for (let n = 1; n <= 20; n++)
    await redis.command('XADD', STREAM, `${n}0-0`, 'p', `${n - 1}0-0`, 'f', `frame ${n} of a case`);
  const kept = await redis.command('XRANGE', STREAM, '180-0', '+');
  await eraser.dropBefore('0000abcd', WORKSPACE, '180');
  expect(await redis.command('XRANGE', STREAM, '-', '+')).toEqual(kept);
  const bytes = (await redis.bytes('DUMP', STREAM)) as Buffer;
  expect(bytes.includes('frame 18 of')).toBe(true);
  expect(bytes.includes('frame 17 of')).toBe(false);
  // The next one joins on, and no id comes again.
  await expect(redis.command('XADD', STREAM, '200-0', 'f', 'x')).rejects.toThrow('equal or smaller');
  await redis.command('XADD', STREAM, '210-0', 'f', 'x');
  // Of what lies before altogether the newest stays.
  await eraser.dropBefore('0000abcd', WORKSPACE, '5000');
  expect(await redis.command('XRANGE', STREAM, '-', '+')).toEqual([['210-0', ['f', 'x']]]);
  await eraser.dropBefore('0000abcd', '00000000-0000-4000-8000-000000000002', '5000');
});
