import type { AppliedChange, SyncClient, Unsubscribe } from '@meldesync/client';
import type { CliContext } from '../context.ts';
import { createClient } from '../session/live-records.ts';
import type { WorkspaceService } from '../session/service.ts';
import { lookUp, lookUpRecords, lookUpTargets } from '../target/look-up.ts';
import { createWatchedRecords } from './watched-records.ts';

type Listener = (changes: readonly AppliedChange[]) => void;

/** What is watched: all records or some of them. */
export interface ChangeSource {
  /** Not yet started. */
  readonly client: SyncClient;
  /** How many records there are now. */
  readonly size: number;
  /** Called with each batch of changes; with none when all were read anew. `onError`: they could not be read. */
  subscribe(listener: Listener, onError: (error: unknown) => void): Unsubscribe;
}

/** All records of the workspace, which are loaded for it. */
export function watchAll(context: CliContext, service: WorkspaceService): ChangeSource {
  const client = createClient(context, service);
  return {
    client,
    get size() {
      return client.optimistic.size;
    },
    subscribe: (listener) => client.optimistic.subscribe(listener),
  };
}

/** Some cases or records, which alone are read. Throws what `lookUpTargets` does. */
export async function watchSome(
  context: CliContext,
  service: WorkspaceService,
  texts: readonly string[],
): Promise<ChangeSource> {
  const { targets, candidates } = await lookUpTargets(service, texts);
  const watched = createWatchedRecords(targets, candidates);
  let listener: Listener = () => undefined;
  let onError: (error: unknown) => void = () => undefined;
  // What is told while something is read waits for it, so that changes keep their order.
  let turn = Promise.resolve();

  const readOne = async (id: number) => (await lookUpRecords(service, [id])).get(id);
  const readAll = async () => {
    const question = { records: [...watched.ids], caseIds: [...watched.caseIds] };
    watched.replace(await lookUp(service, question));
  };
  const client = createClient(context, service, {
    keepsRecords: false,
    onNews(changes) {
      turn = turn
        .then(async () => {
          const applied = changes === null ? [] : await watched.apply(changes, readOne);
          if (changes === null) await readAll();
          if (changes === null || applied.length > 0) listener(applied);
        })
        .catch((error: unknown) => onError(error));
    },
  });
  return {
    client,
    get size() {
      return watched.size;
    },
    subscribe(next, fail) {
      [listener, onError] = [next, fail];
      return () => {
        listener = () => undefined;
      };
    },
  };
}
