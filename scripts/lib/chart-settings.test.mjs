import { expect, it } from 'vitest';
import { isKnownSetting, withChartSettings } from './chart-settings.mjs';

it('values may say a setting of a process, in its kind, and never a secret or what the chart says', () => {
  const { $defs, title } = JSON.parse(withChartSettings('{"title":"x","$defs":{"name":{}}}'));
  expect(title).toBe('x');
  expect(Object.keys($defs)).toEqual(['name', 'nodeSettings', 'relaySettings', 'workerSettings']);
  const { properties, additionalProperties } = $defs.nodeSettings;
  expect(additionalProperties).toBe(false);
  expect(properties.LOG_LEVEL.enum).toContain('debug');
  expect(properties.DATABASE_POOL).toMatchObject({ type: 'integer', minimum: 2, maximum: 200 });
  for (const name of ['AUTH_SECRET', 'DATABASE_URL', 'OIDC_CLIENT_SECRET', 'PORT', 'BASE_URL', 'HOLD_BACK_MS']) {
    expect(properties).not.toHaveProperty(name);
  }
  expect($defs.relaySettings.properties.STREAM_AGE_HOURS).toMatchObject({ type: 'number', exclusiveMinimum: 0 });
});

it('a deployment may name settings, and secrets as files', () => {
  expect(['LOG_LEVEL', 'AUTH_SECRET', 'AUTH_SECRET_FILE', 'TRUSTED_PROXIES'].filter(isKnownSetting)).toHaveLength(4);
  expect(['LOG_LEVLE', 'LOG_LEVEL_FILE', 'AUTH_SECRET_FILES'].filter(isKnownSetting)).toEqual([]);
});
