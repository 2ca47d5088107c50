import { expect, it } from 'vitest';
import { PeopleHere } from './people-here.ts';

function setUp(most: number) {
  let now = 0;
  const people = new PeopleHere(most, { monotonicMs: () => now });
  return {
    people,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('P63 a person has so many connections, and another one when one is over; others are not touched', () => {
  const { people } = setUp(3);
  expect([1, 2, 3, 4].map(() => people.arrive('anna'))).toEqual([true, true, true, false]);
  expect(people.arrive('ben')).toBe(true);
  people.leave('anna');
  expect(people.arrive('anna')).toBe(true);
  expect(people.arrive('anna')).toBe(false);
});

it('P63 who comes and leaves again and again is let in no faster than all of theirs come back twice', () => {
  const { people, pass } = setUp(50);
  const come = () => {
    if (!people.arrive('anna')) return false;
    people.leave('anna');
    return true;
  };
  expect(Array.from({ length: 200 }, come).filter(Boolean)).toHaveLength(100);
  pass(5_000);
  expect(Array.from({ length: 200 }, come).filter(Boolean)).toHaveLength(10);
});

it('P63 a person sends with all connections what a tenth of them may, by what it costs', () => {
  const { people, pass } = setUp(50);
  expect(Array.from({ length: 2_000 }, () => people.spend('anna', 1)).filter(Boolean)).toHaveLength(1_000);
  expect(people.spend('ben', 1)).toBe(true);
  pass(1_000);
  expect(Array.from({ length: 2_000 }, () => people.spend('anna', 10)).filter(Boolean)).toHaveLength(25);
});

it('forgets those who are gone and rested, and nobody else', () => {
  const { people, pass } = setUp(1);
  expect(people.arrive('anna')).toBe(true);
  for (let count = 0; count < 5_000; count++) people.spend(`guest-${count}`, 0);
  pass(3_600_000);
  people.spend('one more', 0);
  expect(people.size).toBeLessThan(1_000);
  expect(people.arrive('anna')).toBe(false);
});
