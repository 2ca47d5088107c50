import type { HistoryEvent } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { whoGotNothingThrough } from './who-got-nothing-through.ts';

const stamp = { monoMs: 0, wallMs: 0, operation: 'operation' };
const sent = (who: string): HistoryEvent => ({ ...stamp, who, kind: 'edit-sent', items: [] });
const answered = (who: string, outcome: 'accepted' | 'rejected'): HistoryEvent => ({
  ...stamp,
  who,
  kind: 'edit-answered',
  outcomes: [outcome === 'accepted' ? { record: 1, outcome, version: 2 } : { record: 1, outcome, code: 'forbidden' }],
});

it('names who tried, and of whom nothing was carried out at any time', () => {
  const history = [
    ...['psql', 'screen-1', 'http-7'].map(sent),
    answered('screen-1', 'rejected'),
    answered('screen-1', 'accepted'),
    answered('http-7', 'rejected'),
  ];
  expect(whoGotNothingThrough(history)).toEqual(['psql', 'http-7']);
});

it('psql is expected to try', () => {
  expect(whoGotNothingThrough([])).toEqual(['psql']);
});
