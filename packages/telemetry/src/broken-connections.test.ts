import { expect, it } from 'vitest';
import { logBrokenConnections } from './broken-connections.ts';

it('says where a connection led to, and what it was for', () => {
  const logged: unknown[] = [];
  const broke = logBrokenConnections({ event: (...words: unknown[]) => void logged.push(words) });
  const error = new Error('Connection terminated unexpectedly');
  broke('Postgres', 'access changes')(error);
  broke('Redis', 'locks')(error);
  expect(logged).toEqual([
    ['connection-broke', { err: error, to: 'Postgres', purpose: 'access changes' }],
    ['connection-broke', { err: error, to: 'Redis', purpose: 'locks' }],
  ]);
});
