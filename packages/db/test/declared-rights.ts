import { ROLES, type RoleUser } from '../src/index.ts';

/**
 * What each role of the database may do with each table, as `tryTables` says it: this is tried in `rights.test.ts`, and the table in
 * docs/betreiben/rechte.md is made from it. Who is not named may nothing. The owner of the tables may everything.
 */
export const TABLE_RIGHTS: Readonly<Record<string, { readonly [User in RoleUser]?: string }>> = {
  'auth."user"': {
    app: 'select(id, name, kind, disabled_at)',
    auth: 'select, insert, update, delete',
    auditor: 'select(id, name, email)',
  },
  'auth.account': {
    auth: 'select, insert, update, delete',
  },
  'auth.device_code': {
    auth: 'select, insert, update, delete',
  },
  'auth.passkey': {
    auth: 'select, insert, update, delete',
  },
  'auth.session': {
    auth: 'select, insert, update, delete',
  },
  'auth.two_factor': {
    auth: 'select, insert, update, delete',
  },
  'auth.verification': {
    auth: 'select, insert, update, delete',
  },
  'drizzle.__drizzle_migrations': {
    app: 'select',
    auth: 'select',
    worker: 'select',
    relay: 'select',
    auditor: 'select',
  },
  'drizzle.meldesync_oldest_at_work': {
    app: 'select',
    auth: 'select',
    worker: 'select',
    relay: 'select',
    auditor: 'select',
  },
  'public.account_links': {
    auth: 'select, insert, update, delete',
  },
  'public.audit_checkpoints': {
    app: 'select',
    worker: 'select, insert',
    auditor: 'select',
  },
  'public.audit_leaves': {
    app: 'select',
    worker: 'select',
    auditor: 'select',
  },
  'public.audit_seals': {
    app: 'select',
    worker: 'select',
    auditor: 'select',
  },
  'public.audit_state': {
    auditor: 'select',
  },
  'public.changes': {
    app: 'select',
    worker: 'select',
    relay: 'select(workspace_id, record_id, version, op)',
    auditor: 'select',
  },
  'public.conflicts': {
    app: 'select, insert, update(resolution, resolved_by, resolved_at, resolved_operation, superseded_by)',
    auditor: 'select',
  },
  'public.edit_operations': {
    app: 'select, insert, update',
  },
  'public.erasures': {
    auth: 'select',
    worker: 'select, update(salt, hashes, streams_done_at, archives_done_at)',
    auditor: 'select',
  },
  'public.events': {
    app: 'select, insert',
    auth: 'select, insert',
    worker: 'insert',
    auditor: 'select',
  },
  'public.feed_positions': {
    app: 'select',
    relay: 'select, insert, update, delete',
  },
  'public.feed_state': {
    app: 'select',
    worker: 'select',
    relay: 'select, insert, update, delete',
  },
  'public.gone_records': {},
  'public.import_chunks': {
    app: 'select, insert, delete',
    auth: 'select, delete',
    worker: 'select, delete',
  },
  'public.import_rows': {
    app: 'select',
    worker: 'select, insert',
    auditor: 'select',
  },
  'public.imports': {
    app: 'select, insert, update',
    auth: 'select, update',
    worker: 'select, update',
    auditor: 'select',
  },
  'public.invitations': {
    auth: 'select, insert, update',
  },
  'public.members': {
    app: 'select',
    auth: 'select, insert, update, delete',
    auditor: 'select',
  },
  'public.records': {
    app: 'select, insert, update',
    worker: 'select, insert, update',
    relay: 'select(id, workspace_id, version)',
    auditor: 'select',
  },
  'public.retention_runs': {
    auth: 'select, insert',
    worker: 'select, insert, update(started_at, finished_at, report, failure)',
    auditor: 'select',
  },
  'public.workspaces': {
    app: 'select',
    auth: 'select, insert, update',
    worker: 'select',
    relay: 'select',
    auditor: 'select',
  },
};

/** Who may call a function that is not everybody's. */
export const FUNCTION_RIGHTS: Readonly<Record<string, readonly RoleUser[]>> = {
  'meldesync_count_events(date)': ['worker'],
  'meldesync_count_old(text,timestamp with time zone)': ['worker'],
  'meldesync_cut_changes(bigint,bigint[],text)': ['worker'],
  'meldesync_cut_conflicts(bigint,timestamp with time zone,integer)': ['worker'],
  'meldesync_cut_events(bigint,date,bigint,text)': ['worker'],
  'meldesync_cut_import_rows(bigint,date)': ['worker'],
  'meldesync_cut_leaves(bigint,bigint[],bigint[],boolean)': [],
  'meldesync_cut_operations(bigint,timestamp with time zone,integer)': ['worker'],
  'meldesync_erase_case(uuid,text,text,text,text,text)': ['auth'],
  'meldesync_events_partitions(timestamp with time zone,integer)': ['worker'],
  'meldesync_events_to_cut(date,bigint,integer)': ['worker'],
  'meldesync_fill_digests(bigint,bigint)': ['worker'],
  'meldesync_hold_workspace(uuid)': ['app'],
  'meldesync_import_rows_partitions(timestamp with time zone,integer)': ['worker'],
  'meldesync_make_partitions(text,timestamp with time zone,integer)': [],
  'meldesync_may_edit(uuid,text)': ['worker'],
  'meldesync_narrow_app()': [],
  'meldesync_partition_gaps()': ['auditor'],
  'meldesync_repair(bigint[])': ['worker'],
  'meldesync_seal(integer)': ['worker'],
  'meldesync_tell_cut(bigint,bigint,jsonb)': [],
  'meldesync_told_cuts(bigint)': ['worker'],
  'meldesync_widen_app()': [],
};

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
  'alter role meldesync_auth superuser',
  'drop table records',
  'set session_replication_role = replica',
  'set role pg_read_all_data',
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
