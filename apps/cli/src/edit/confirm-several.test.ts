import { expect, it } from 'vitest';
import { makeRecord } from '../../test/records.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { confirmSeveral } from './confirm-several.ts';

const intents = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ seen: makeRecord(at + 1, { caseId: 'F-1' }), set: { done: true } }));

async function ask(count: number, { answers, yes }: { answers?: string[]; yes?: boolean } = {}) {
  const terminal = createTestTerminal([], answers === undefined ? {} : { answers });
  const context = createContext(terminal);
  const asked = confirmSeveral(context, intents(count), createPeople([], context.t), yes === undefined ? {} : { yes });
  const error = await asked.catch((reason: unknown) => reason);
  return { error, err: terminal.err() };
}

it('nothing is asked about one record, or where --yes has answered', async () => {
  expect(await ask(1)).toEqual({ error: undefined, err: '' });
  expect(await ask(3, { yes: true })).toEqual({ error: undefined, err: '' });
});

it('which records, and how each would change, is said before it is asked', async () => {
  const { error, err } = await ask(2, { answers: ['ja'] });
  expect(error).toBeUndefined();
  expect(err).toContain('Das ändert 2 Datensätze:\n');
  expect(err).toContain('  Fall F-1 · Genomisch · Datensatz 1: Erledigt: nein → ja\n');
  expect(err).toContain('  Fall F-1 · Genomisch · Datensatz 2: Erledigt: nein → ja\n');
});

it('of very many the rest is counted', async () => {
  const { err } = await ask(25, { answers: ['ja'] });
  expect(err).toContain('… und 5 weitere\n');
  expect(err).not.toContain('Datensatz 21');
});

it('another answer changes nothing, and without a terminal it is refused', async () => {
  expect((await ask(2, { answers: ['nein'] })).error).toMatchObject({ key: 'notConfirmed' });
  expect((await ask(2)).error).toMatchObject({ key: 'confirmationNeeded' });
});
