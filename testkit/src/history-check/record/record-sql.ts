import { randomUUID } from 'node:crypto';
import { SYNCED_COLUMN_NAMES } from '@meldesync/db';
import { EDITABLE_FIELDS, type RecordPatch } from '@meldesync/domain';
import type { HistoryLog } from './history-log.ts';

/** Somebody at psql, whose every statement is written down. */
export interface RecordedSql {
  /** Sets fields of a record, whatever its version. Rejects as the statement does: then it may have been committed. */
  update(record: number, set: RecordPatch): Promise<void>;
  end(): void;
}

export interface RecordedSqlOptions {
  readonly who: string;
  readonly log: HistoryLog;
  /** The database role that signs. */
  readonly role: string;
  /** Runs one statement in a transaction of its own. */
  readonly sql: (text: string, values: unknown[]) => Promise<Record<string, unknown>[]>;
}

/** Records who writes past the application. */
export function recordSql({ who, log, role, sql }: RecordedSqlOptions): RecordedSql {
  log.note(who, { kind: 'began', actor: `db:${role}`, via: 'sql' });
  return {
    update: async (record, set) => {
      const fields = EDITABLE_FIELDS.filter((field) => set[field] !== undefined);
      const operation = `sql-${randomUUID()}`;
      const values = Object.fromEntries(fields.map((field) => [field, set[field] ?? null]));
      log.note(who, { kind: 'edit-sent', operation, items: [{ record, base: null, set: values }] });
      const columns = fields.map((field, index) => `${SYNCED_COLUMN_NAMES[field]} = $${index + 2}`);
      try {
        const [row] = await sql(`update records set ${columns.join(', ')} where id = $1 returning version`, [
          record,
          ...fields.map((field) => set[field]),
        ]);
        if (!row) throw new Error(`there is no record ${record}`);
        const version = Number(row['version']);
        log.note(who, { kind: 'edit-answered', operation, outcomes: [{ record, outcome: 'accepted', version }] });
      } catch (error) {
        log.note(who, { kind: 'edit-failed', operation, code: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    end: () => log.note(who, { kind: 'ended' }),
  };
}
