import { describe, expect, it } from 'vitest';
import { parseLink } from './one-time-link.ts';

const SECRET = 'mN3-_kd8sJf02lsKdjf83kdlsPqiw01Z';

describe('a link that works once', () => {
  it('names its server and its secret', () => {
    expect(parseLink(` https://meldesync.example.org/invitation#${SECRET}\n`, 'invitation')).toEqual({
      server: 'https://meldesync.example.org',
      secret: SECRET,
    });
  });

  it('may be the secret alone', () => {
    expect(parseLink(SECRET, 'set-up')).toEqual({ server: undefined, secret: SECRET });
  });

  it.each([
    ['of something else', `https://meldesync.example.org/set-up#${SECRET}`],
    ['without a secret', 'https://meldesync.example.org/invitation'],
    ['cut off', 'https://meldesync.example.org/invitation#mN3'],
    ['with its secret where servers see it', `https://meldesync.example.org/invitation?${SECRET}`],
    ['that is none', 'hello there'],
  ])('%s is refused', (_, written) => {
    expect(() => parseLink(written, 'invitation')).toThrowError(expect.objectContaining({ key: 'linkUnreadable' }));
  });
});
