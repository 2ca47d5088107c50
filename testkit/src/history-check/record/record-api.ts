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
  /** Finds out what became of uploads whose answer was lost; once nothing is on its way any more. */
  settleUploads(signal?: AbortSignal): Promise<void>;
  end(): void;
}

/** A file that was sent. */
interface Upload {
  /** Its name, which no other has. */
  readonly name: string;
  readonly vorgangsnummern: string[];
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
  const unanswered: Upload[] = [];
  const follow = async (id: string, { vorgangsnummern }: Upload, signal: AbortSignal | undefined): Promise<void> => {
    log.note(importer, { kind: 'import-sent', import: id, vorgangsnummern });
    for (;;) {
      const { status, rows } = await persistently(() => api.import(workspace, id), signal);
      if (status !== 'queued' && status !== 'running') {
        const counts = { rowsNew: rows.new, rowsUpdated: rows.updated };
        log.note(importer, { kind: 'import-ended', import: id, status, ...counts });
        return;
      }
      await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : {});
    }
  };
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
      const upload = { name: `${who}-${first}.csv`, vorgangsnummern: samples.map((sample) => sample.vorgangsnummer) };
      const [taken] = (await api.uploadImports(workspace, [{ name: upload.name, content }]).catch(noAnswer)) ?? [];
      // An upload has no operation id: one whose answer was lost may be there, or come to be, and is not sent again.
      if (taken) await follow(taken.id, upload, signal);
      else unanswered.push(upload);
    },
    settleUploads: async (signal) => {
      if (unanswered.length === 0) return;
      const known = await persistently(() => api.imports(workspace), signal);
      for (const upload of unanswered.splice(0)) {
        const taken = known.find(({ filename }) => filename === upload.name);
        if (taken) await follow(taken.id, upload, signal);
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
