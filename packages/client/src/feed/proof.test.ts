import { expect, it } from 'vitest';
import { createProof } from './proof.ts';

function setUp() {
  const clock = { now: 0 };
  return { clock, proof: createProof({ now: () => clock.now }) };
}

it('R1.1 after both have agreed once, any difference counts', () => {
  const { proof } = setUp();
  expect(proof.compare(1, 2)).toBe('fine');
  expect(proof.state).toBe('unproved');
  expect(proof.compare(2, 2)).toBe('fine');
  expect(proof.state).toBe('proved');
  expect(proof.compare(2, 3)).toBe('diverged');
});

it('before that a difference counts only once it has lasted', () => {
  const { clock, proof } = setUp();
  for (let second = 0; second < 30; second++) {
    clock.now = second * 1_000;
    expect(proof.compare(1, 2)).toBe('fine');
  }
  clock.now = 30_000;
  expect(proof.compare(1, 2)).toBe('diverged');
});

it('time in which nothing was compared does not count: the client may have slept', () => {
  const { clock, proof } = setUp();
  expect(proof.compare(1, 2)).toBe('fine');
  clock.now = 3_600_000;
  expect(proof.compare(1, 2)).toBe('fine');
  clock.now += 10;
  expect(proof.compare(2, 2)).toBe('fine');
});

it('begins anew with a snapshot', () => {
  const { proof } = setUp();
  proof.compare(1, 1);
  proof.reset();
  expect(proof.state).toBe('unproved');
  expect(proof.compare(1, 2)).toBe('fine');
});
