import { describe, expect, it } from 'vitest';
import { type Form, type Program, SETTINGS, type Setting } from './catalogue.mjs';
import { readSettings } from './read-settings.ts';
import { WrongSettings } from './wrong-settings.ts';

const POSTGRES = 'postgres://app:secret@127.0.0.1:5432/meldesync';
const REDIS = 'redis://127.0.0.1:6379';
/** What each program must be given, and what others belong to. */
const RIGHT: Readonly<Record<string, string>> = {
  DATABASE_URL: POSTGRES,
  REDIS_URL: REDIS,
  AUTH_SECRET: 's'.repeat(32),
  BASE_URL: 'https://meldesync.example',
  APP_DB_PASSWORD: 'p',
  OIDC_ISSUER: 'https://sso.example',
  OIDC_CLIENT_ID: 'c',
  OIDC_CLIENT_SECRET: 's',
  AUDIT_SIGNING_KEY: 'k',
};
const PROGRAMS: readonly Program[] = ['node', 'relay', 'worker', 'migrate', 'seed', 'setup'];
const NO_NUMBER = ['many', ' ', '-1', '1e3', '0x10', '1,5'];

/** What somebody may write by mistake. */
function wrongValues(form: Form): readonly string[] {
  switch (form.kind) {
    case 'text':
      return [
        ...((form.minLength ?? 1) > 1 ? ['short'] : []),
        ...(form.pattern === undefined ? [] : ['ä\n'.repeat(40)]),
      ];
    case 'integer':
      return [
        ...NO_NUMBER,
        '1.5',
        '9'.repeat(20),
        ...(form.max === undefined ? [] : [`${form.max + 1}`]),
        ...below(form.min),
      ];
    case 'number':
      return [...NO_NUMBER, `${form.above}`, `${form.max + 1}`];
    case 'port':
      return [...NO_NUMBER, '65536', ':8080', ...below(form.min)];
    case 'choice':
      return ['perhaps', form.values.join(','), ' '];
    case 'address':
      return ['sso.example', 'ftp://sso.example', '/etc/sso'];
    case 'origin':
      return ['meldesync.example', 'https://a/b', 'https://a:99999', 'wss://a'];
    case 'origins':
      return ['https://fine.example,meldesync.example'];
    case 'connection':
      return wrongAddresses(form.schemes);
    case 'connections':
      return [...wrongAddresses(form.schemes), `${REDIS},${REDIS}`, ','];
    case 'texts':
      return ['short', `${'s'.repeat(32)},short`];
    case 'groups':
      return ['gm', 'gm=a:owner'];
    case 'limits':
      return ['1,2', '3,2,1', '0,0,0', 'a,b,c', `1,2,${form.most + 1}`];
    default:
      return [];
  }
}

function below(min: number): readonly string[] {
  return min > 0 ? [`${min - 1}`] : [];
}

function wrongAddresses(schemes: readonly string[]): readonly string[] {
  const [scheme = ''] = schemes;
  const drivers = scheme.startsWith('redis')
    ? ['redis:', 'redis://', 'redis:///0', 'redis://a/cases', 'redis://a/0/1', 'redis://:50%@a']
    : [
        'postgres://',
        'postgres:meldesync',
        'postgres:///meldesync',
        'postgres://u:50%@a/b',
        'postgres://a/b?sslmode=on',
      ];
  return ['localhost', '127.0.0.1:5432', 'http://a', `${scheme}://a:99999/b`, `${scheme}://a b`, ...drivers];
}

function problemsOf(program: Program, environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(program, environment);
    return [];
  } catch (error) {
    if (error instanceof WrongSettings) return error.message.split('\n');
    throw error;
  }
}

const uses = Object.entries<Setting>(SETTINGS).flatMap(([name, setting]) =>
  PROGRAMS.flatMap((program) => {
    const use = setting.uses[program];
    return use ? [{ program, name, setting, use }] : [];
  }),
);

describe.each(uses)('$name of $program', ({ program, name, setting, use }) => {
  it('is said in one line where it is wrong', () => {
    for (const value of wrongValues(setting)) {
      const problems = problemsOf(program, { ...RIGHT, [name]: value });
      expect([value, problems]).toEqual([value, [expect.stringMatching(new RegExp(`^setting ${name}: must be .{5}`))]]);
    }
  });

  it('is said in one line where it is missing or empty, unless something holds without it', () => {
    const { [name]: _, ...others } = RIGHT;
    const isNeeded = (use.fallback === undefined && use.without === undefined) || (use.needs ?? []).includes(name);
    const said = isNeeded ? [expect.stringMatching(new RegExp(`^setting ${name}: is missing`))] : [];
    expect(problemsOf(program, others)).toEqual(said);
    expect(problemsOf(program, { ...others, [name]: '' })).toEqual(said);
  });
});

describe.each(uses.filter(({ setting }) => setting.isSecret))('$name of $program as a file', ({ program, name }) => {
  it('is said in one line where its file is missing, or what it holds is wrong', () => {
    const { [name]: _, ...others } = RIGHT;
    const problems = problemsOf(program, { ...others, [`${name}_FILE`]: '/nowhere/secret' });
    expect(problems).toEqual([`setting ${name}_FILE: the file /nowhere/secret cannot be read (ENOENT)`]);
    expect(problemsOf(program, { ...others, [`${name}_FILE`]: '/dev' })).toEqual([
      expect.stringMatching(`^setting ${name}_FILE: the file /dev cannot be read \\(`),
    ]);
  });
});

it('an address may name the folder of a local socket, a way of TLS, and a password with every sign in it', () => {
  for (const url of [
    'postgres:///meldesync?host=/run/postgresql',
    'postgres://%2Frun%2Fpostgresql/meldesync',
    'postgresql://app:50%25%40@[::1]:5432/meldesync?sslmode=verify-full',
  ])
    expect(problemsOf('migrate', { ...RIGHT, DATABASE_URL: url })).toEqual([]);
  for (const url of ['rediss://user:50%25@a:6379/15', 'redis://[::1]/', 'redis://a'])
    expect(problemsOf('worker', { ...RIGHT, REDIS_URL: url })).toEqual([]);
});
