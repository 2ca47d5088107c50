import { describe, expect, it } from 'vitest';
import { isInstalled } from './dependencies.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'packages/domain': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b-linux': { version: '2.0.0', integrity: 'sha512-b', optional: true },
    'node_modules/b-darwin': { version: '2.0.0', integrity: 'sha512-c', optional: true },
  },
};
const { '': _root, 'node_modules/b-darwin': _otherPlatform, ...installed } = wanted.packages;

describe('what npm has installed', () => {
  it('may lack packages for other platforms', () => {
    expect(isInstalled(wanted, { packages: installed })).toBe(true);
  });

  it('must have everything else', () => {
    const { 'node_modules/a': _missing, ...incomplete } = installed;
    expect(isInstalled(wanted, { packages: incomplete })).toBe(false);
  });

  it.each([
    ['version', { version: '1.0.1', integrity: 'sha512-a' }],
    ['content', { version: '1.0.0', integrity: 'sha512-x' }],
  ])('must be the same in %s', (_what, found) => {
    expect(isInstalled(wanted, { packages: { ...installed, 'node_modules/a': found } })).toBe(false);
  });
});
