import { expect, it } from 'vitest';
import { isOlder, OLDEST_SERVERS, requireVersion, UnsupportedServer } from './supported-versions.ts';

it.each([
  ['14.9', '15', true],
  ['15', '15', false],
  ['15.18', '15', false],
  ['15beta1', '15', false],
  ['18.4', '15', false],
  ['6.2.14', '7.0', true],
  ['7.0.15', '7.0', false],
  ['7.0', '7.0.1', true],
  ['7', '7.0', false],
  ['10.0', '9.6', false],
])('%s before %s: %s', (version, than, before) => {
  expect(isOlder(version, than)).toBe(before);
});

it('a server that is too old is refused in one line with the version found and the one wanted', () => {
  expect(() => requireVersion('PostgreSQL', '12.3', 'db:5432')).toThrow(
    new UnsupportedServer(`PostgreSQL at db:5432 is 12.3, and MeldeSync needs ${OLDEST_SERVERS.PostgreSQL} or newer`),
  );
  expect(() => requireVersion('Redis', OLDEST_SERVERS.Redis, 'cache:6379')).not.toThrow();
});
