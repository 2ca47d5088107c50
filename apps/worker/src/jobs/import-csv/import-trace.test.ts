import {
  childOf,
  NO_TRACING,
  parseTraceparent,
  spanOfError,
  type TraceContext,
  type Tracing,
} from '@meldesync/telemetry';
import { expect, it } from 'vitest';
import { ImportTrace } from './import-trace.ts';

const UPLOAD = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function setUp() {
  const inside: TraceContext[] = [];
  const ended: { readonly name: string; readonly failure?: string | undefined }[] = [];
  const tracing: Tracing = {
    ...NO_TRACING,
    isOn: true,
    begin: (parent) => childOf(parent, () => true),
    end: (...spans) => void ended.push(...spans.map(({ name, failure }) => ({ name, failure }))),
    within: (context, work) => {
      inside.push(context);
      return work();
    },
  };
  return { trace: new ImportTrace(tracing, UPLOAD), inside, ended };
}

it('R5.3 an attempt is worked within its span, and each batch within its own', async () => {
  const { trace, inside, ended } = setUp();
  expect(await trace.attempt(() => trace.batch(3, async () => 'written'))).toBe('written');
  expect(inside.map(({ traceId }) => traceId)).toEqual(Array(2).fill(parseTraceparent(UPLOAD)?.traceId));
  expect(ended).toEqual([
    { name: 'import batch', failure: undefined },
    { name: 'import', failure: undefined },
  ]);
});

it('R5.3 what an attempt throws leads to its span', async () => {
  const { trace, inside, ended } = setUp();
  const error = new Error('no connection');
  await expect(trace.attempt(() => Promise.reject(error))).rejects.toBe(error);
  expect(spanOfError(error)).toBe(inside[0]);
  expect(ended).toEqual([{ name: 'import', failure: 'failed' }]);
});
