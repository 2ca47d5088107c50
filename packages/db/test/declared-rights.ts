import { ROLES, type RoleUser } from '../src/index.ts';

/**
 * What each role of the database may do with each table, as `tryTables` says it: this is tried in `rights.test.ts`, and the table in
 * docs/betreiben/rechte.md is made from it. Who is not named may nothing. The owner of the tables may everything.
 */
export const TABLE_RIGHTS: Readonly<Record<string, { readonly [User in RoleUser]?: string }>> = {};

/** Who may call a function that is not everybody's. */
export const FUNCTION_RIGHTS: Readonly<Record<string, readonly RoleUser[]>> = {};

/** What no role but the owner may. */
export const FORBIDDEN: readonly string[] = [
  'create table public.mine (id int)',
  'create table auth.mine (id int)',
  'create schema mine',
  'create function public.mine() returns int language sql as $$ select 1 $$',
  'create role mine',
  'create trigger mine before insert on records for each row execute function notify_event()',
  'alter table records disable trigger all',
  'alter table records add column mine int',
  'alter role meldesync_auth password $$mine$$',
  'drop table records',
  'grant select on records to public',
  'set session_replication_role = replica',
  'set role meldesync_auth',
  'alter system set log_statement = $$all$$',
  'copy records to program $$true$$',
  'copy (select 1) to $$/tmp/mine$$',
  'select pg_read_file($$postgresql.conf$$)',
  'select lo_import($$/etc/passwd$$)',
  'select pg_reload_conf()',
];

/** The rights of one role, by table. */
export function rightsOf(user: RoleUser): Record<string, string> {
  return Object.fromEntries(
    Object.entries(TABLE_RIGHTS).flatMap(([table, rights]) => (rights[user] ? [[table, rights[user]]] : [])),
  );
}

const USERS = Object.keys(ROLES) as RoleUser[];

/** As a Markdown table, in German as the page that it stands on. */
export function rightsTable(): string {
  const cell = (rights: string | undefined) => (rights === undefined ? '–' : rights.replaceAll('_', '\\_'));
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const tables = Object.entries(TABLE_RIGHTS).map(([table, rights]) =>
    row([`\`${table}\``, ...USERS.map((user) => cell(rights[user]))]),
  );
  const functions = Object.entries(FUNCTION_RIGHTS).map(([name, users]) =>
    row([`\`${name}\``, ...USERS.map((user) => (users.includes(user) ? 'execute' : '–'))]),
  );
  const heads = USERS.map((user) => `\`${ROLES[user]}\``);
  return [
    row(['Tabelle', ...heads]),
    row(['Tabelle', ...heads].map(() => '---')),
    ...tables,
    '',
    row(['Funktion', ...heads]),
    row(['Funktion', ...heads].map(() => '---')),
    ...functions,
  ].join('\n');
}
