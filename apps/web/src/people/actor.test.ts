import { describe, expect, it } from 'vitest';
import { parseActor } from './actor.ts';

describe('parseActor (R5.1)', () => {
  it('tells people and database access apart', () => {
    expect(parseActor('user:a:b')).toEqual({ kind: 'user', id: 'a:b' });
    expect(parseActor('db:postgres')).toEqual({ kind: 'database', role: 'postgres' });
  });

  it('does not guess about anything else', () => {
    expect(parseActor('someone')).toEqual({ kind: 'unknown' });
  });
});
