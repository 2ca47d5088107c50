import { expect, it } from 'vitest';
import { fullBudget, type MessageBudget, spend } from './message-budget.ts';

/** How many of `count` messages pass, one every `everyMs`. */
function passing(count: number, everyMs: number): number {
  let budget: MessageBudget | undefined = fullBudget(0);
  for (let index = 0; index < count; index++) {
    budget = spend(budget, index * everyMs);
    if (!budget) return index;
  }
  return count;
}

it('P24 200 messages may come at once', () => {
  expect(passing(1_000, 0)).toBe(200);
});

it('P24 50 a second may come for ever, a little more may not', () => {
  expect(passing(100_000, 20)).toBe(100_000);
  expect(passing(100_000, 19)).toBeLessThan(100_000);
});

it('P24 a rest fills the budget up, but not over the brim', () => {
  let budget: MessageBudget | undefined = fullBudget(0);
  for (let index = 0; index < 200; index++) budget = budget && spend(budget, 0);
  expect(budget && spend(budget, 0)).toBeUndefined();
  const rested = budget && spend(budget, 3_600_000);
  expect(rested?.tokens).toBe(199);
});

it('a clock that is set back takes nothing away', () => {
  const budget = spend(fullBudget(1_000), 0);
  expect(budget?.tokens).toBe(199);
});
