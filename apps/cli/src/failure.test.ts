import { SyncError } from '@meldesync/client';
import { expect, it } from 'vitest';
import { describeFailure } from './failure.ts';
import { translatorOf } from './messages/translator.ts';

it.each([
  ['de', 40_000, 'Zu viele Anfragen in kurzer Zeit. Bitte versuchen Sie es in 40 Sekunden noch einmal.'],
  ['de', 600, 'Zu viele Anfragen in kurzer Zeit. Bitte versuchen Sie es in 1 Sekunde noch einmal.'],
  ['en', 40_000, 'Too many requests in a short time. Please try again in 40 seconds.'],
] as const)('says in %s how long a limit of %i ms asks to wait', (language, retryAfterMs, sentence) => {
  const error = new SyncError('rate-limited', { retryAfterMs });
  expect(describeFailure(error, translatorOf(language), language).sentence).toBe(sentence);
});
