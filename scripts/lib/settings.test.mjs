import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.mjs';

describe('where the nodes listen', () => {
  it.each([
    [{}, '127.0.0.1'],
    [{ HOST: '::1' }, '::1'],
    [{ BASE_URL: 'http://127.0.0.1:8080' }, '127.0.0.1'],
    [{ SEED_DEMO: '0' }, '0.0.0.0'],
    [{ SEED_DEMO: '0', HOST: '10.0.0.7', BASE_URL: 'https://klinik.example' }, '10.0.0.7'],
  ])('%j: %s', (environment, host) => {
    expect(readSettings(environment, 'production').host).toBe(host);
  });

  it.each([
    [{ HOST: '0.0.0.0' }, 'HOST'],
    [{ HOST: '10.0.0.7' }, 'HOST'],
    [{ BASE_URL: 'https://klinik.example' }, 'BASE_URL'],
    [{ BASE_URL: 'http://localhost.klinik.example' }, 'BASE_URL'],
  ])('with the demo, whose passwords everybody knows, nobody else is served: %j', (environment, setting) => {
    expect(() => readSettings(environment, 'production')).toThrow(
      `setting ${setting}: with the demo, whose passwords everybody knows, only this machine (127.0.0.1, localhost); SEED_DEMO=0 starts without it`,
    );
  });

  it('while developing, on this machine alone', () => {
    expect(readSettings({ SEED_DEMO: '0' }, 'development').host).toBe('127.0.0.1');
  });
});
