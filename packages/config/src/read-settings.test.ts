import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Program, SETTINGS, type Setting } from './catalogue.mjs';
import { readSettings } from './read-settings.ts';
import { WrongSettings } from './wrong-settings.ts';

const SECRET = 's'.repeat(32);
const NODE = {
  DATABASE_URL: 'postgres://app:secret@127.0.0.1:5432/meldesync',
  REDIS_URL: 'redis://127.0.0.1:6379',
  AUTH_SECRET: SECRET,
  BASE_URL: 'https://meldesync.example',
};

function problemsOf(program: Program, environment: Record<string, string>): string[] {
  try {
    readSettings(program, environment);
  } catch (error) {
    if (error instanceof WrongSettings) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('readSettings', () => {
  it('reads what is given in its kind, and what holds without it', () => {
    const settings = readSettings('node', {
      ...NODE,
      PORT: '9090',
      LOCK_REDIS_URLS: 'redis://a, redis://b,redis://c',
      HOST: '',
    });
    expect(settings).toMatchObject({
      ...NODE,
      PORT: 9_090,
      HOST: '0.0.0.0',
      LOCK_REDIS_URLS: ['redis://a', 'redis://b', 'redis://c'],
      TRUSTED_ORIGINS: undefined,
      IMPORT_MAX_BYTES: 32 * 1024 * 1024,
      DEGRADE_LATENCY_MS: { reduced: 250, minimal: 1_000, manual: 4_000 },
    });
    expect(readSettings('node', { ...NODE, DEGRADE_ERRORS_PERCENT: '0.5, 2,2' }).DEGRADE_ERRORS_PERCENT).toEqual({
      reduced: 0.5,
      minimal: 2,
      manual: 2,
    });
    expectTypeOf(settings.PORT).toEqualTypeOf<number>();
    expectTypeOf(settings.WEB_DIR).toEqualTypeOf<string | undefined>();
    expectTypeOf(settings.LOG_FORMAT).toEqualTypeOf<'json' | 'pretty'>();
    expectTypeOf(settings).not.toHaveProperty('HOLD_BACK_MS');
    expect(readSettings('relay', { ...NODE, STREAM_AGE_HOURS: '0.5' }).STREAM_AGE_HOURS).toBe(0.5);
  });

  it('says of each that is missing or wrong what it is called and what it must be, all at once', () => {
    expect(problemsOf('relay', { HOLD_BACK_MS: '5s', LOG_LEVEL: 'loud' })).toEqual([
      'setting DATABASE_URL: is missing',
      'setting REDIS_URL: is missing',
      'setting LOG_LEVEL: must be one of debug, info, warn, error, silent',
      'setting HOLD_BACK_MS: must be a whole number from 1000 (ms)',
    ]);
    expect(problemsOf('node', { ...NODE, LOCK_REDIS_URLS: 'redis://a,redis://b' })).toEqual([
      'setting LOCK_REDIS_URLS: must be an address such as redis://:password@host:6379/0, where a % in a password is written %25; an odd number of them, separated by commas',
    ]);
    for (const networks of ['balancer', '10.0.0.0/33', '10.0.0.7/', '10.0.0.7:443', '::1/129', '10.0.0.7/8/8'])
      expect(problemsOf('node', { ...NODE, TRUSTED_PROXIES: networks })).toEqual([
        'setting TRUSTED_PROXIES: must be addresses or networks such as 10.0.0.7 or 10.1.0.0/16, separated by commas',
      ]);
    expect(problemsOf('node', { ...NODE, TRUSTED_PROXIES: '10.0.0.7, 10.1.0.0/16,fd00::/8' })).toEqual([]);
    for (const limits of ['1,2', '0,1,2', '3,2,4', '1,2,102', '1,2,x'])
      expect(problemsOf('node', { ...NODE, DEGRADE_ERRORS_PERCENT: limits })).toEqual([
        'setting DEGRADE_ERRORS_PERCENT: must be three numbers above 0, none smaller than the one before, at most 101 (%), separated by commas',
      ]);
    expect(problemsOf('node', { ...NODE, OIDC_ISSUER: 'https://sso.example', OIDC_CLIENT_ID: 'a' })).toEqual([
      'setting OIDC_CLIENT_SECRET: is missing, though OIDC_ISSUER is given',
    ]);
    for (const [name, value] of [
      ['OIDC_GROUPS', 'a=b:editor'],
      ['OIDC_NAME', 'Klinik-Anmeldung'],
      ['PASSWORDS', 'off'],
    ] as const)
      expect(problemsOf('node', { ...NODE, [name]: value })).toEqual(
        ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET'].map(
          (part) => `setting OIDC_${part}: is missing, though ${name} is given`,
        ),
      );
    expect(problemsOf('node', { ...NODE, OIDC_JUST_IN_TIME: 'off', PASSWORDS: 'on' })).toEqual([]);
  });

  it('reads which group gives which role where, and refuses what is no such list', () => {
    const oidc = { OIDC_ISSUER: 'https://sso.example/realms/a', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' };
    const read = (OIDC_GROUPS: string) => readSettings('node', { ...NODE, ...oidc, OIDC_GROUPS }).OIDC_GROUPS;
    expect(read('gm-admins=Humangenetik:admin, /gm/team=Zentrum für SE:viewer,')).toEqual([
      { group: 'gm-admins', workspace: 'Humangenetik', role: 'admin' },
      { group: '/gm/team', workspace: 'Zentrum für SE', role: 'viewer' },
    ]);
    expect(read(String.raw`cn\=gm\,ou\=it=Haus 1\: Genetik:auditor`)).toEqual([
      { group: 'cn=gm,ou=it', workspace: 'Haus 1: Genetik', role: 'auditor' },
    ]);
    for (const given of ['gm', 'gm=', 'gm=a', 'gm=a:', 'gm=a:owner', '=a:admin', 'gm=:admin', 'gm=a:admin,x', ',', ' '])
      expect(problemsOf('node', { ...NODE, ...oidc, OIDC_GROUPS: given })).toEqual([
        expect.stringMatching(/^setting OIDC_GROUPS: must be entries such as gm-team=Humangenetik:editor/),
      ]);
  });

  it.each([
    'foo',
    'meldesync.example',
    'ftp://meldesync.example',
    'http://a/b',
    'http://a/?b',
    'http://a/#',
    'http://user@a',
    'http://user:password@a',
    'null',
    '*',
  ])('%j is no origin', (given) => {
    const rule = 'an address such as https://meldesync.example, without path, user and password';
    expect(problemsOf('node', { ...NODE, BASE_URL: given, TRUSTED_ORIGINS: `https://fine.example,${given}` })).toEqual([
      `setting BASE_URL: must be ${rule}`,
      `setting TRUSTED_ORIGINS: must be ${rule}; several are separated by commas`,
    ]);
  });

  it('takes an origin however it is written, as browsers write it', () => {
    const given = { ...NODE, BASE_URL: 'https://MeldeSync.example:443/', TRUSTED_ORIGINS: 'http://a/, http://b:81' };
    expect(readSettings('node', given)).toMatchObject({
      BASE_URL: 'https://meldesync.example',
      TRUSTED_ORIGINS: ['http://a', 'http://b:81'],
    });
  });

  it.each(['{a}', 'a b', 'a*', 'ä', '\n'])('%j is no prefix of keys', (given) => {
    expect(problemsOf('worker', { ...NODE, REDIS_PREFIX: given })).toEqual([
      'setting REDIS_PREFIX: must be 1 to 64 of A–Z, a–z, 0–9 and _ . : -',
    ]);
  });

  it('never repeats what was given: it may be a secret', () => {
    const wrong = { DATABASE_URL: 'mysql://hidden', REDIS_URL: 'hidden', AUTH_SECRET: 'hidden', BASE_URL: 'hidden' };
    const problems = problemsOf('node', wrong);
    expect(problems).toHaveLength(4);
    expect(problems.join()).not.toContain('hidden');
  });

  it.each(['', ' ', '-1', '1e9', '0x10', '1.5', '٣', '99999999999999999999'])(
    '%j is no number of anything',
    (value) => {
      const given = value === '' ? [] : problemsOf('worker', { ...NODE, IMPORT_CONCURRENCY: value });
      expect(given).toHaveLength(value === '' ? 0 : 1);
    },
  );
});

describe('the catalogue', () => {
  const entries = Object.entries<Setting>(SETTINGS);

  it('has only defaults that may be given', () => {
    for (const [name, { uses }] of entries) {
      for (const [program, use] of Object.entries(uses)) {
        if (use.fallback === undefined) continue;
        const problems = problemsOf(program as Program, { ...NODE, APP_DB_PASSWORD: 'a', [name]: `${use.fallback}` });
        expect(problems).toEqual([]);
      }
    }
  });

  it('says of each use what it means', () => {
    for (const [, { uses }] of entries) {
      expect(Object.keys(uses).length).toBeGreaterThan(0);
      for (const { meaning } of Object.values(uses)) expect(meaning).toMatch(/\w{3}/);
    }
  });
});
