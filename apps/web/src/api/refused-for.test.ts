import { SyncError } from '@meldesync/client';
import { expect, it } from 'vitest';
import { answerRefusedFor, refusedFor } from './refused-for.ts';

it('says how long an error or an answer asks to wait, of too many tries alone', () => {
  expect(refusedFor(new SyncError('rate-limited', { retryAfterMs: 1_500 }))).toBe(2);
  expect(refusedFor(new SyncError('rate-limited'))).toBeNull();
  expect(refusedFor(new SyncError('unavailable', { retryAfterMs: 5_000 }))).toBeNull();
  expect(refusedFor(new Error('no answer'))).toBeNull();
  const answer = (status: number, headers: Record<string, string>) => new Response(null, { status, headers });
  expect(answerRefusedFor(answer(429, { 'retry-after': '40' }))).toBe(40);
  expect(answerRefusedFor(answer(429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }))).toBeNull();
  expect(answerRefusedFor(answer(429, {}))).toBeNull();
  expect(answerRefusedFor(answer(503, { 'retry-after': '5' }))).toBeNull();
});
