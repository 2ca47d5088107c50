import {
  change,
  changedFields,
  conflictField,
  cursor,
  downMessage,
  editItem,
  editOutcome,
  errorCode,
  frame,
  framePosition,
  recordLock,
  recordPatch,
  syncedRecord,
  traceparent,
  upMessage,
} from '@meldesync/protocol';
import { z } from 'zod';

/** JSON as it stands in a document. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Parts that more than one message has, under the names that the document gives them. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  Change: change,
  ChangedFields: changedFields,
  ConflictField: conflictField,
  Cursor: cursor,
  EditItem: editItem,
  EditOutcome: editOutcome,
  ErrorCode: errorCode,
  Frame: frame,
  FramePosition: framePosition,
  RecordLock: recordLock,
  RecordPatch: recordPatch,
  SyncedRecord: syncedRecord,
  Traceparent: traceparent,
};

/** What JSON Schema adds to each of several schemas, and a document says once. */
const OWN_TO_FILES: ReadonlySet<string> = new Set(['$schema', '$id']);

/** The `type` of a message. */
function typeOf(message: { readonly shape: { readonly type: z.ZodLiteral<string> } }): string {
  return message.shape.type.value;
}

/** What a message is called among the schemas. */
export function schemaName(type: string): string {
  return `message.${type}`;
}

/** The schemas of all messages and their parts, as JSON Schema draft 7, by name. They refer to each other. */
export function messageSchemas(): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, part] of Object.entries(PARTS)) registry.add(part, { id });
  for (const message of [...upMessage.options, ...downMessage.options]) {
    registry.add(message, { id: schemaName(typeOf(message)) });
  }
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-7',
    // What may be sent. What a reader makes of a word that it does not know is its own affair.
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Of a UUID in lower case zod names the case; the pattern says both.
      if (jsonSchema.format === 'lowercase') jsonSchema.format = 'uuid';
    },
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      Object.fromEntries(Object.entries(schema).filter(([key]) => !OWN_TO_FILES.has(key))) as Json,
    ]),
  );
}
