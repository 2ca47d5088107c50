import { expect, it } from 'vitest';
import { Line } from './line.ts';
import { Scheduler } from './scheduler.ts';
import { seededRandom } from './seeded-random.ts';

const MESSAGES = 5_000;

it('a line lets nothing overtake what was sent before', async () => {
  const scheduler = new Scheduler();
  const random = seededRandom(1);
  const line = new Line(scheduler, () => random.between(5, 900));
  const receiver = scheduler.process('receiver');
  const arrived: number[] = [];
  let sent = 0;
  for (let i = 0; i < MESSAGES; i++) {
    scheduler.after(i * 1.37 + random.next(), scheduler.world, () => {
      const number = sent++;
      line.carry(receiver, 0, () => arrived.push(number));
    });
  }
  await scheduler.run(MESSAGES * 2 + 2_000);
  expect(arrived).toEqual(Array.from({ length: MESSAGES }, (_, i) => i));
});
