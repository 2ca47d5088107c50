/**
 * Keeps errors of statements in a database out of the server's log, since their text quotes what was given (`invalid input syntax for type
 * bigint: "…"`, `column "…" does not exist`). Whoever sent the statement gets them; what the server says of itself stays in its log.
 * @param {import('pg').Client} client a superuser's
 * @param {string} database
 */
export async function hushErrors(client, database) {
  // Of a server's log `log` is above `error`.
  await client.query(`ALTER DATABASE ${client.escapeIdentifier(database)} SET log_min_messages = 'log'`);
}
