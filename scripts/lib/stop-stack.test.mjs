import { describe, expect, it } from 'vitest';
import { Failure } from './failure.mjs';
import { StopStack } from './stop-stack.mjs';

/**
 * @param {string[]} journal
 * @param {string} name
 */
function noting(journal, name) {
  return {
    name,
    stop: async () => {
      await Promise.resolve();
      journal.push(`stop ${name}`);
    },
    kill: () => void journal.push(`kill ${name}`),
  };
}

describe('the stop stack', () => {
  it('stops what was started last first, each after the one before has ended', async () => {
    /** @type {string[]} */
    const journal = [];
    const stack = new StopStack();
    for (const name of ['postgres', 'redis', 'apps']) stack.push(noting(journal, name));
    await stack.stopAll();
    expect(journal).toEqual(['stop apps', 'stop redis', 'stop postgres']);
  });

  it('goes on when one does not stop', async () => {
    /** @type {string[]} */
    const journal = [];
    const stack = new StopStack();
    stack.push(noting(journal, 'postgres'));
    stack.push({ ...noting(journal, 'redis'), stop: () => Promise.reject(new Failure('stuck')) });
    await stack.stopAll();
    expect(journal).toEqual(['stop postgres']);
  });

  it('ends at once what is started while everything stops', async () => {
    /** @type {string[]} */
    const journal = [];
    const stack = new StopStack();
    await stack.stopAll();
    expect(() => stack.push(noting(journal, 'late'))).toThrow(Failure);
    expect(journal).toEqual(['kill late']);
  });

  it('takes an end for a failure only while nothing is being stopped', async () => {
    /** @type {unknown[]} */
    const failures = [];
    const stack = new StopStack();
    stack.onFailure((error) => failures.push(error));
    stack.reportFailure('early');
    await stack.stopAll();
    stack.reportFailure('late');
    expect(failures).toEqual(['early']);
  });
});
