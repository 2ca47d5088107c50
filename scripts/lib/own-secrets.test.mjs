import { expect, it } from 'vitest';
import { SETTINGS } from '../../packages/config/src/catalogue.mjs';
import { withOwnSecrets } from './own-secrets.mjs';

const SECRETS = Object.entries(SETTINGS).flatMap(([name, setting]) => ('isSecret' in setting ? [name] : []));
const everything = Object.fromEntries(
  ['PATH', 'LOG_LEVEL', ...SECRETS, ...SECRETS.map((name) => `${name}_FILE`)].map((name) => [name, 'given']),
);

it.each(/** @type {const} */ (['relay', 'worker']))('a %s is handed nothing that lets people in', (program) => {
  const kept = withOwnSecrets(everything, program);
  for (const name of [
    'AUTH_SECRET',
    'AUTH_SECRET_PREVIOUS',
    'AUTH_DATABASE_URL',
    'OIDC_CLIENT_SECRET',
    'APP_DB_PASSWORD',
  ])
    for (const form of [name, `${name}_FILE`]) expect(kept).not.toHaveProperty(form);
  expect(kept).toMatchObject({ PATH: 'given', LOG_LEVEL: 'given', DATABASE_URL: 'given', REDIS_URL_FILE: 'given' });
  expect('AUDIT_SIGNING_KEY' in kept).toBe(program === 'worker');
});

it('what reads no secret is handed none', () => {
  expect(Object.keys(withOwnSecrets(everything, undefined)).toSorted()).toEqual(['LOG_LEVEL', 'PATH']);
});
