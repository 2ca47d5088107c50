import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, SyncError } from '@meldesync/client';
import type { EditItem, EditOutcome } from '@meldesync/protocol';
import { sampleMeldebestaetigung } from '../../sample-records.ts';
import type { HistoryLog } from './history-log.ts';
import { noteAnswer } from './outcomes.ts';

/** Somebody who works over HTTP, and whose every word is written down. */
export interface RecordedApi {
  /** Asks again under the same operation id while the service says that this may help, until `signal` ends it. */
  edit(items: readonly EditItem[], signal?: AbortSignal): Promise<EditOutcome[]>;
  /** Uploads sample records as a file of a name of its own and waits for the end of the import. */
  importSamples(order: {
    readonly first: number;
    readonly count: number;
    readonly signal?: AbortSignal;
  }): Promise<void>;
  end(): void;
}

export interface RecordedApiOptions {
  readonly who: string;
  /** The user id of its person. */
  readonly person: string;
  readonly log: HistoryLog;
  readonly api: Api;
  readonly workspace: string;
}

const RETRY_MS = 250;
const LOOK_EVERY_MS = 200;

/** Records who edits over HTTP. What they import is another one's, by name, since it is signed otherwise. */
export function recordApi({ who, person, log, api, workspace }: RecordedApiOptions): RecordedApi {
  const importer = `${who}-imports`;
  log.note(who, { kind: 'began', actor: `user:${person}`, via: 'api' });
  log.note(importer, { kind: 'began', actor: `user:${person}`, via: 'import' });
  return {
    edit: async (items, signal) => {
      const operation = randomUUID();
      const sent = items.map(({ record, baseVersion, set }) => ({ record, base: baseVersion, set: { ...set } }));
      log.note(who, { kind: 'edit-sent', operation, items: sent });
      try {
        const outcomes = await persistently(() => api.edit(workspace, { operation, items }), signal);
        noteAnswer(log, who, operation, outcomes);
        return outcomes;
      } catch (error) {
        log.note(who, {
          kind: 'edit-failed',
          operation,
          code: error instanceof SyncError ? error.code : String(error),
        });
        throw error;
      }
    },
    importSamples: async ({ first, count, signal }) => {
      const samples = Array.from({ length: count }, (_, index) => sampleMeldebestaetigung(first + index));
      const lines = samples.map(({ vorgangsnummer, ibe }) => `${vorgangsnummer},${ibe}`);
      const content = new Blob([`Vorgangsnummer,Meldebestaetigung\n${lines.join('\n')}\n`]);
      const name = `${who}-${first}.csv`;
      const uploaded = await api.uploadImports(workspace, [{ name, content }]).catch(noAnswer);
      // An upload has no operation id: one whose answer was lost may be there under its name, and is not sent again.
      const known = uploaded ?? (await persistently(() => api.imports(workspace), signal));
      const taken = known.find(({ filename }) => filename === name);
      if (!taken) return;
      const vorgangsnummern = samples.map(({ vorgangsnummer }) => vorgangsnummer);
      log.note(importer, { kind: 'import-sent', import: taken.id, vorgangsnummern });
      for (;;) {
        const { status, rows } = await persistently(() => api.import(workspace, taken.id), signal);
        if (status !== 'queued' && status !== 'running') {
          log.note(importer, {
            kind: 'import-ended',
            import: taken.id,
            status,
            rowsNew: rows.new,
            rowsUpdated: rows.updated,
          });
          return;
        }
        await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : {});
      }
    },
    end: () => {
      log.note(who, { kind: 'ended' });
      log.note(importer, { kind: 'ended' });
    },
  };
}

/** For what may have been carried out though nobody was told. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof SyncError)) throw error;
}

async function persistently<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SyncError) || !error.retryable || signal?.aborted) throw error;
    }
    await sleep(RETRY_MS);
  }
}
