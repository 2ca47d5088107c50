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
  /** `2026-01-22 10:00:00.123456+00`: the connection asks for UTC. */
  readonly at: string;
}

/**
 * The change as clients receive it (`change` of the protocol). Every text is written as a JSON string, whatever it may hold
 * according to the table; `after` is JSON already, the two numbers are of integer columns.
 */
export function changeToJson(row: ChangeRow): string {
  const at = `${row.at.slice(0, 10)}T${row.at.slice(11).replace(/\+00$/, 'Z')}`;
  const operation = row.operation === null ? '' : `,"operation":${JSON.stringify(row.operation)}`;
  return (
    `{"record":${row.record_id},"version":${row.version},"op":${JSON.stringify(row.op)},"set":${row.after},` +
    `"by":${JSON.stringify(row.actor)},"via":${JSON.stringify(row.via)},"at":${JSON.stringify(at)}${operation}}`
  );
}
