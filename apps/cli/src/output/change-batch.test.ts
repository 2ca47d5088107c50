import { describe, expect, it } from 'vitest';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { printBatch } from './change-batch.ts';

describe('a batch without changes (the state was loaded anew)', () => {
  const printed = (isJson: boolean) => {
    const terminal = createTestTerminal([]);
    const context = createContext(terminal);
    printBatch(context, [], { people: createPeople([], context.t), records: 35, isJson });
    return { out: terminal.out(), err: terminal.err() };
  };

  it('is a line for scripts, whose copy of the state is no longer right', () => {
    const { out, err } = printed(true);
    expect(JSON.parse(out)).toEqual({ type: 'reloaded', at: expect.any(String), records: 35 });
    expect(err).toBe('');
  });

  it('is said aside to people', () => {
    expect(printed(false)).toEqual({ out: '', err: 'Der Stand wurde neu geladen: 35 Datensätze.\n' });
  });
});
