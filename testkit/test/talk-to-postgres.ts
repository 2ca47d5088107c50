import pg from 'pg';

/** What must not be in Postgres' log. */
interface Secrets {
  readonly workspace: string;
  readonly caseId: string;
  readonly vorgangsnummer: string;
  readonly ibe: string;
}

/**
 * Statements as people type them into psql, each of which fails. The text of some quotes what was given: these come to the log of no server whose
 * database hushes them. The others bring it in the detail, the context, the statement and its parameters: they are sent once more where
 * errors are logged, as those of other databases of the server are.
 */
export async function talkToPostgres(
  ownerUrl: string,
  { workspace, caseId, vorgangsnummer, ibe }: Secrets,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('create temporary table pasted (record bigint)');
  await client.query('set statement_timeout = 1000');
  const insert = 'insert into records (workspace_id, vorgangsnummer, ibe) values';
  const quoting: Statement[] = [
    [`select * from records where case_id = "${caseId}"`],
    [`select '${caseId}'::bigint`],
    [`select '' '${caseId}'`],
    ['select $1::bigint', [caseId]],
    [`do $$ begin raise exception 'no such case: %', '${caseId}'; end $$`],
    [`do $$ begin raise warning 'no such case: %', '${caseId}'; perform 1 / 0; end $$`],
    [`copy pasted from program 'echo ${caseId}'`],
  ];
  const detailed: Statement[] = [
    [`${insert} ($1, $2, $3)`, [workspace, vorgangsnummer, ibe]],
    [`${insert} ('${workspace}', '${vorgangsnummer}', '${ibe}')`],
    [`update records set workspace_id = null where case_id like '${caseId}%'`],
    [`copy pasted from program 'printf "1\\t${caseId}\\n"'`],
    [`select pg_sleep(5), '${caseId}'`],
  ];
  await failAll(client, [...quoting, ...detailed]);
  await client.query(`set log_min_messages = 'warning'`);
  await failAll(client, detailed);
  await client.end();
}

type Statement = [text: string, values?: string[]];

async function failAll(client: pg.Client, statements: readonly Statement[]): Promise<void> {
  for (const [text, values] of statements) {
    const hasFailed = await client.query(text, values).then(
      () => false,
      () => true,
    );
    if (!hasFailed) throw new Error(`this was to fail: ${text}`);
  }
}

/** Locks a record, as somebody does who leaves a transaction open, until what is answered is called. */
export async function holdLock(ownerUrl: string, record: number): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select from records where id = $1 for update', [record]);
  return () => client.end();
}
