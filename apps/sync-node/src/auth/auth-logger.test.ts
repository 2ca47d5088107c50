import type { Logger } from '@meldesync/telemetry';
import { expect, it, vi } from 'vitest';
import { authLogger } from './auth-logger.ts';

it('passes on how bad it is, and nothing of what is said', () => {
  const logged: unknown[] = [];
  const log = (level: string) => vi.fn((...words: unknown[]) => logged.push(level, ...words));
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const { log: report } = authLogger(logger as unknown as Logger);
  report?.('error', 'Failed query: … params: secret-token', new Error('anna@test.example'), { token: 'secret-token' });
  report?.('warn', 'anna@test.example');
  const words = 'Better Auth reported a problem; what it says may hold credentials';
  expect(logged).toEqual(['error', words, 'warn', words]);
});

it('has nothing to say without a logger', () => {
  expect(authLogger(undefined)).toEqual({ disabled: true });
});
