import { parseTraceparent, spanOfError } from '@meldesync/telemetry';
import { expect, it } from 'vitest';
import { watchedEdit } from './watched-edit.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ARRIVED = { traceparent: undefined, via: 'api', items: 1, waitedMs: 0, person: 'ada', mayTell: false } as const;

it.each([TRACEPARENT, undefined])(
  'R5.3 what an edit of the span %s throws leads to it, for the line that is logged of it',
  async (traceparent) => {
    const ended: unknown[] = [];
    const path = {
      editArrived: () => ({ traceparent, stepped: () => undefined, ended: (answer: unknown) => ended.push(answer) }),
    };
    const error = new Error('no connection');
    const watched = watchedEdit(
      path,
      ARRIVED,
      () => Promise.reject(error),
      (thrown) => thrown === error,
    );
    await expect(watched).rejects.toBe(error);
    expect(ended).toEqual([{ failed: true, isFault: true }]);
    expect(spanOfError(error)).toEqual(parseTraceparent(traceparent));
  },
);
