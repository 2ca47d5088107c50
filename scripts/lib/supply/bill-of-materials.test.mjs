import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { billOfMaterials, packageComponents } from './bill-of-materials.mjs';

const OF = { name: 'meldesync', version: '1.0.0', license: 'Apache-2.0' };
const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

it('a bill of all packages of the lock file is CycloneDX by its own schema', async () => {
  expect(await validator.validate(billOfMaterials(OF, packageComponents(packages)))).toBeNull();
});

it('one that is not is noticed', async () => {
  expect(await validator.validate(billOfMaterials(OF, [{ type: 'librarian', name: 'a' }]))).not.toBeNull();
});

it('names a package as its registry does, with its licence and the hash of its archive', () => {
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const locked = {
    'packages/db': { version: '1.0.0' },
    'node_modules/@meldesync/db': { link: true, resolved: 'packages/db' },
    'node_modules/uWebSockets.js': { name: 'uwebsockets', version: '3.0.6', license: 'ISC', integrity },
    'node_modules/a/node_modules/@scope/b': { version: '2.0.0', license: 'MIT', integrity },
  };
  const hashes = [{ alg: 'SHA-512', content: '01'.repeat(64) }];
  expect(packageComponents(locked)).toEqual([
    {
      'bom-ref': 'node_modules/uWebSockets.js',
      type: 'library',
      name: 'uwebsockets',
      version: '3.0.6',
      purl: 'pkg:npm/uwebsockets@3.0.6',
      hashes,
      licenses: [{ expression: 'Apache-2.0' }],
    },
    {
      'bom-ref': 'node_modules/a/node_modules/@scope/b',
      type: 'library',
      name: '@scope/b',
      version: '2.0.0',
      purl: 'pkg:npm/%40scope/b@2.0.0',
      hashes,
      licenses: [{ expression: 'MIT' }],
    },
  ]);
});
