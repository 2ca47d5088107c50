import { expect, it } from 'vitest';
import { logBrokenConnections } from './broken-connections.ts';

it('says where a connection led to, and what it was for', () => {
  const logged: unknown[] = [];
  const broke = logBrokenConnections({ warn: (...words: unknown[]) => logged.push(words) });
  const error = new Error('Connection terminated unexpectedly');
  broke('Postgres', 'access changes')(error);
  broke('Redis', 'locks')(error);
  expect(logged).toEqual([
    [{ err: error, to: 'Postgres', purpose: 'access changes' }, 'connection broke: Postgres, access changes'],
    [{ err: error, to: 'Redis', purpose: 'locks' }, 'connection broke: Redis, locks'],
  ]);
});
