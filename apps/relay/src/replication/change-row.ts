import { isoTime } from '@meldesync/db';
import { change, changeChecksum, changedFields, parseJson, readValue } from '@meldesync/protocol';

/** An inserted row of `changes`, every column as Postgres printed it. */
export interface ChangeRow {
  readonly txid: string;
  readonly workspace_id: string;
  readonly record_id: string;
  readonly version: string;
  readonly op: string;
  /** JSON text. */
  readonly after: string;
  readonly actor: string;
  readonly via: string;
  readonly operation: string | null;
  readonly traceparent?: string | null;
  /** `2026-01-22 10:00:00.123456+00`: the connection asks for UTC. */
  readonly at: string;
}

/** A row as it goes on. */
export type ReadRow = {
  /** How it moves the checksum of its workspace. */
  readonly checksumDelta: number;
} & (
  | { readonly json: string }
  /** No client could read it: it is left out, and why. Its record, where there is one, comes with a snapshot. */
  | { readonly unreadable: string }
);

/** A change longer than this, in characters of JSON, is of no record: its texts have limits far below. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/**
 * Reads a row, whatever the table holds: what somebody wrote past the triggers, or a newer release. Only what clients reckon with
 * must be right; who and when are shown as they are.
 */
export function readRow(row: ChangeRow): ReadRow {
  const numbers = { record: Number(row.record_id), version: Number(row.version) };
  const counted = readValue(NUMBERS, numbers);
  // Without them nothing can be reckoned. A change of a kind that is not known leads to its version like any other.
  if ('unreadable' in counted) return { checksumDelta: 0, unreadable: counted.unreadable };
  const checksumDelta = changeChecksum({ ...numbers, op: row.op });
  if (row.after.length > MAX_CHARACTERS) return { checksumDelta, unreadable: 'too long' };
  const content = readValue(row.op === 'insert' ? WHOLE : PART, { op: row.op, set: parseJson(row.after) });
  return 'unreadable' in content
    ? { checksumDelta, unreadable: content.unreadable }
    : { checksumDelta, json: changeToJson(row) };
}

const NUMBERS = change.pick({ record: true, version: true });
const PART = change.pick({ op: true, set: true });
const WHOLE = PART.extend({ set: changedFields.required({ vorgangsnummer: true, ibe: true }) });

/**
 * The change as clients receive it (`change` of the protocol). Every text is written as a JSON string, whatever it may hold
 * according to the table; `after` is JSON already, the two numbers are of integer columns.
 */
export function changeToJson(row: ChangeRow): string {
  const at = isoTime(row.at);
  const operation = row.operation === null ? '' : `,"operation":${JSON.stringify(row.operation)}`;
  return (
    `{"record":${row.record_id},"version":${row.version},"op":${JSON.stringify(row.op)},"set":${row.after},` +
    `"by":${JSON.stringify(row.actor)},"via":${JSON.stringify(row.via)},"at":${JSON.stringify(at)}${operation}}`
  );
}
