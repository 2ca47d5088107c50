import { expect, it } from 'vitest';
import { FeedNotReadyError } from '../feed/feeds.ts';
import { CursorTooOldError, CursorUnknownError, FramesNotReadyError } from '../frames/frame-pages.ts';
import { SnapshotNotReadyError } from '../snapshot/snapshot-pages.ts';
import { judgeFailure } from './judge-failure.ts';

const nothing = () => undefined;

it.each([
  ['unavailable', new FeedNotReadyError()],
  ['unavailable', new SnapshotNotReadyError()],
  ['unavailable', new FramesNotReadyError()],
  ['cursor-too-old', new CursorTooOldError()],
  ['cursor-unknown', new CursorUnknownError()],
])('an error that says itself how it is told is %s, and nothing to worry about', (code, error) => {
  expect(judgeFailure(error, nothing)).toEqual({ code, extra: {}, level: 'debug' });
});

it('trouble of the database passes, and an outage is worth a warning; all else is a mistake', () => {
  const error = new Error('canceling statement due to lock timeout');
  expect(judgeFailure(error, () => 'overdue')).toMatchObject({ code: 'unavailable', level: 'debug' });
  expect(judgeFailure(error, () => 'outage')).toMatchObject({ code: 'unavailable', level: 'warn' });
  expect(judgeFailure(error, nothing)).toMatchObject({ code: 'internal', level: 'error' });
});

it('a coded error is named after its class', () => {
  expect(new FeedNotReadyError().name).toBe('FeedNotReadyError');
});
