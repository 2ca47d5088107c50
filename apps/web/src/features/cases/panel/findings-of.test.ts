import { describe, expect, it } from 'vitest';
import { findingsOf } from './findings-of.ts';

const hashString = 'A123456789&20240701001&260530103&KDKK00001&0&O&9&1&C&2&1';
const hash = 'bad8a31b1759b565bee3d283e68af38e173499bfcce2f50691e7eddda62b2f31';
const vorgangsnummer = 'ab'.repeat(32);

describe('findingsOf', () => {
  it('recomputes the hash of the published example and finds it right', async () => {
    const codes = (await findingsOf({ vorgangsnummer, ibe: `IBE+A123456789+${hashString}+9+${hash}` })).map(
      ({ code }) => code,
    );
    expect(codes).not.toContain('hash-mismatch');
  });

  it('finds a hash that does not belong to its hash string', async () => {
    const wrong = hash.replace('bad8', 'dab8');
    const [finding] = await findingsOf({ vorgangsnummer, ibe: `IBE+A123456789+${hashString}+9+${wrong}` });
    expect(finding?.code).toBe('hash-mismatch');
  });

  it('says why a segment cannot be read', async () => {
    const findings = await findingsOf({ vorgangsnummer, ibe: 'nonsense' });
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ severity }) => severity === 'error')).toBe(true);
  });
});
