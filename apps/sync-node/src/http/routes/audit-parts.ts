import { AUDIT_FORMATS } from '@meldesync/protocol';
import type { Context } from 'hono';
import { z } from 'zod';
import { administratorOf } from '../../administration/administrator-of.ts';
import type { ApiEnv } from '../api-context.ts';
import { commonProblems, problemAnswer } from './route-parts.ts';

/** What routes of the trail may answer besides their success. */
export const auditProblems = {
  ...commonProblems,
  400: problemAnswer('The request cannot be read, or the cursor is of another query: `cursor-of-another-query`'),
  403: problemAnswer('Neither auditor nor admin'),
  410: problemAnswer('The cursor is not of this service, or too old: the list is begun anew'),
  422: problemAnswer('The filter is none, or asks for older and newer entries at once'),
};

const text = z.string();

/** An export in each of its formats. */
export const exportAnswer = {
  description: `The entries, oldest first, in one of the formats ${AUDIT_FORMATS.join(', ')}; its end says whether it is whole`,
  content: {
    'text/csv': { schema: text },
    'application/jsonl': { schema: text },
    'application/fhir+json': { schema: z.looseObject({ resourceType: z.string() }) },
    'application/fhir+ndjson': { schema: text },
  },
};

/** Who reads the trail, as an event names them. */
export function readerIn(c: Context<ApiEnv>) {
  return administratorOf(c.get('identity'), c.req.raw.headers);
}
