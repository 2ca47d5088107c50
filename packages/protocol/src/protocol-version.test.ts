import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { downMessage } from './down/index.ts';
import { upMessage } from './up/index.ts';
import { SUBPROTOCOL } from './version.ts';

/**
 * The messages of this version. A change that an older client or node understands gets a new hash here; any other a
 * new `SUBPROTOCOL` too, and PROTOCOL.md says what changed.
 */
const KNOWN = { subprotocol: 'meldesync.v1', hash: '9ebdc0e087254129' };

it('the messages are those of the version they are sent under', () => {
  const schemas = [upMessage, downMessage].map((schema) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  );
  const hash = createHash('sha256').update(JSON.stringify(schemas)).digest('hex').slice(0, 16);
  expect({ subprotocol: SUBPROTOCOL, hash }).toEqual(KNOWN);
});
