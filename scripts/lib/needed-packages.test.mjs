import { expect, it } from 'vitest';
import { neededPackages } from './needed-packages.mjs';

it('what a program requires is needed, with what that requires, from where Node.js finds it', () => {
  const locked = {
    'apps/node': { dependencies: { ours: '*', server: '1' } },
    'node_modules/ours': { link: true, resolved: 'packages/ours' },
    'packages/ours': { dependencies: { '@scope/driver': '1' } },
    'node_modules/@scope/driver': { dependencies: { deep: '1' } },
    'node_modules/@scope/driver/node_modules/deep': {},
    'node_modules/deep': {},
    'node_modules/server': {
      optionalDependencies: { 'server-linux': '1', 'server-elsewhere': '1' },
      peerDependencies: { driver: '1', framework: '1' },
      peerDependenciesMeta: { framework: { optional: true } },
    },
    'node_modules/server-linux': {},
    'node_modules/driver': { dependencies: { server: '1' } },
    'node_modules/framework': {},
  };
  expect([...neededPackages(locked, ['apps/node'])].sort()).toEqual([
    'node_modules/@scope/driver',
    'node_modules/@scope/driver/node_modules/deep',
    'node_modules/driver',
    'node_modules/ours',
    'node_modules/server',
    'node_modules/server-linux',
  ]);
});
