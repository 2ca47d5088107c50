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

/** The change as clients receive it (`change` of the protocol), JSON columns passed through. */
export function changeToJson(row: ChangeRow): string {
  const at = `${row.at.slice(0, 10)}T${row.at.slice(11).replace(/\+00$/, 'Z')}`;
  const operation = row.operation === null ? '' : `,"operation":${JSON.stringify(row.operation)}`;
  return (
    `{"record":${row.record_id},"version":${row.version},"op":"${row.op}","set":${row.after},` +
    `"by":${JSON.stringify(row.actor)},"via":"${row.via}","at":"${at}"${operation}}`
  );
}
