import { expect, it } from 'vitest';
import { traceIdOf } from './trace-id.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';

it.each([
  [`00-${ID}-b7ad6b7169203331-01`, ID],
  [`00-${ID}-b7ad6b7169203331-03`, ID],
  [`00-${ID}-b7ad6b7169203331-00`, undefined],
  ['no trace', undefined],
  [undefined, undefined],
])('%s is of the kept trace %s', (traceparent, id) => {
  expect(traceIdOf(traceparent)).toBe(id);
});
