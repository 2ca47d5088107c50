import { describe, expect, it } from 'vitest';
import { Witnesses } from './witnesses.ts';

function setUp() {
  let now = 0;
  return {
    witnesses: new Witnesses(() => now),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('R5.4 what people tell of how late changes come', () => {
  it('counts for nothing while one person tells alone, however often', () => {
    const { witnesses } = setUp();
    for (let times = 0; times < 100; times++) expect(witnesses.witnessed('vera', 9)).toBeUndefined();
  });

  it('counts no more than what another has seen', () => {
    const { witnesses, wait } = setUp();
    witnesses.witnessed('ada', 0.02);
    wait(300);
    expect(witnesses.witnessed('vera', 9)).toBe(0.02);
    expect(witnesses.witnessed('ada', 0.01)).toBe(0.01);
  });

  it('counts as it is once others see the same', () => {
    const { witnesses, wait } = setUp();
    for (let round = 0; round < 2; round++) {
      for (const person of ['ada', 'ben', 'cleo']) witnesses.witnessed(person, 2);
      wait(300);
    }
    expect(witnesses.witnessed('ada', 2)).toBe(2);
  });

  it('needs a quarter of those who tell', () => {
    const { witnesses, wait } = setUp();
    const round = (late: number) => {
      for (let person = 0; person < 12; person++) witnesses.witnessed(`${person}`, person < late ? 2 : 0.01);
      wait(300);
    };
    round(2);
    expect(witnesses.witnessed('0', 2)).toBe(0.01);
    wait(300);
    round(3);
    expect(witnesses.witnessed('0', 2)).toBe(2);
  });

  it('forgets who tells nothing any more', () => {
    const { witnesses, wait } = setUp();
    witnesses.witnessed('ada', 2);
    wait(11_000);
    expect(witnesses.witnessed('vera', 9)).toBeUndefined();
  });
});
