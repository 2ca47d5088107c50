import { describe, expect, it } from 'vitest';
import { lockFileMistakes } from './lock-file.mjs';

const HASH = `sha512-${'A'.repeat(86)}==`;

/** @param {Partial<import('./lock-file.mjs').LockedPackage>} entry */
const mistakesOf = (entry) =>
  lockFileMistakes(
    {
      packages: {
        '': {},
        'packages/ours': {},
        'node_modules/@ours/ours': { link: true, resolved: 'packages/ours' },
        'node_modules/a/node_modules/@scope/b': { version: '1.2.3', integrity: HASH, ...entry },
      },
    },
    { '@scope/reviewed': true },
  );

describe('a lock file', () => {
  it('is right where each package has a version and a hash', () => {
    expect(mistakesOf({})).toEqual([]);
    expect(mistakesOf({ version: '1.0.0-beta.1+linux' })).toEqual([]);
  });

  it.each([
    [{ integrity: '' }, 'has no SHA-512'],
    [{ integrity: 'sha1-AAAA' }, 'has no SHA-512'],
    [{ integrity: 'sha512-AAAA' }, 'has no SHA-512'],
    [{ integrity: `${HASH} sha1-AAAA` }, 'has no SHA-512'],
    [{ version: 'git+ssh://git@host.example/b.git#1' }, 'is no version of a registry'],
    [{ version: 'file:../b' }, 'is no version of a registry'],
    [{ resolved: 'https://elsewhere.example/b.tgz' }, 'not from the registry'],
    [{ hasInstallScript: true }, 'stands not in allowScripts'],
  ])('is wrong with %j', (entry, mistake) => {
    expect(mistakesOf(entry)).toEqual([expect.stringContaining(mistake)]);
  });

  it('needs no hash of what comes within the archive of another, which has one', () => {
    expect(mistakesOf({ integrity: '', inBundle: true })).toEqual([]);
  });
});
