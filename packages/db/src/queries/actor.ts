import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/** Who writes and why; the triggers put it into every change of the transaction (R5.1). */
export interface Actor {
  /** User id of the person. */
  readonly userId: string;
  readonly via: 'web' | 'cli' | 'api' | 'import';
  readonly operation?: string | undefined;
  readonly importId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** Columns of a select that name the actor for the rest of the transaction. */
export function actorSettings(actor: Actor): SQL {
  return sql`
    set_config('meldesync.actor', ${`user:${actor.userId}`}, true),
    set_config('meldesync.via', ${actor.via}, true),
    set_config('meldesync.operation', ${actor.operation ?? ''}, true),
    set_config('meldesync.import', ${actor.importId ?? ''}, true),
    set_config('meldesync.traceparent', ${actor.traceparent ?? ''}, true)`;
}

/** Names the actor for the rest of the transaction, in one round trip. */
export async function nameActor(tx: Executor, actor: Actor): Promise<void> {
  await tx.execute(sql`select ${actorSettings(actor)}`);
}
