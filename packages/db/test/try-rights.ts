import { type OpenTransaction, openTransaction } from '@meldesync/testkit';
import { sqlState } from '../src/index.ts';

/** What may be done with a table: all of it, or columns of it. */
type TableRight = 'select' | 'insert' | 'update' | 'delete' | 'truncate';

/** Rights on a table in words, such as `select(id, name), insert`; empty for none. */
export type Rights = string;

export interface TriedTable {
  /** With its schema. */
  readonly name: string;
  readonly columns: readonly string[];
}

type Try = (sql: string) => Promise<boolean>;

/**
 * Tries everything with each table, as whoever a connection signs in as; rights by the table's name, where there are any. Nothing of it
 * stays.
 */
export async function tryTables(url: string, tables: readonly TriedTable[]): Promise<Record<string, Rights>> {
  await using transaction = await openTransaction(url);
  const may = tryIn(transaction);
  const found: [string, Rights][] = [];
  for (const table of tables) {
    const rights = await tryTable(may, table);
    if (rights !== '') found.push([table.name, rights]);
  }
  return Object.fromEntries(found);
}

/** Which of the statements are let through. */
export async function tryStatements(url: string, statements: readonly string[]): Promise<string[]> {
  await using transaction = await openTransaction(url);
  const may = tryIn(transaction);
  const found: string[] = [];
  for (const statement of statements) if (await may(statement)) found.push(statement);
  return found;
}

/** Whether a statement is let through: what else is wrong with it says Postgres afterwards. */
function tryIn(transaction: Pick<OpenTransaction, 'query'>): Try {
  return async (sql) => {
    await transaction.query('savepoint one');
    try {
      await transaction.query(sql);
      return true;
    } catch (error) {
      return !isDenied(error);
    } finally {
      await transaction.query('rollback to savepoint one');
    }
  };
}

/** A trigger that refuses says so in the same state; it comes after the right. */
function isDenied(error: unknown): boolean {
  return sqlState(error) === '42501' && !/append-only/.test(error instanceof Error ? error.message : '');
}

async function tryTable(may: Try, { name, columns }: TriedTable): Promise<Rights> {
  const tried: [TableRight, string, ((column: string) => string)?][] = [
    ['select', `select * from ${name} where false`, (column) => `select "${column}" from ${name} where false`],
    ['insert', `insert into ${name} default values`],
    [
      'update',
      `update ${name} set ${columns.map((column) => `"${column}" = default`).join(', ')} where false`,
      (column) => `update ${name} set "${column}" = default where false`,
    ],
    ['delete', `delete from ${name} where false`],
    ['truncate', `truncate ${name} cascade`],
  ];
  const rights: string[] = [];
  for (const [right, whole, ofColumn] of tried) {
    if (await may(whole)) rights.push(right);
    else if (ofColumn) {
      const some: string[] = [];
      for (const column of columns) if (await may(ofColumn(column))) some.push(column);
      if (some.length > 0) rights.push(`${right}(${some.join(', ')})`);
    }
  }
  return rights.join(', ');
}
