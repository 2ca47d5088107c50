import type { SyncClient } from '@meldesync/client';
import type { Cursor } from '@meldesync/protocol';
import type { Cluster } from './cluster.ts';
import { eventually } from './eventually.ts';

/** A client like any other, who sees whether a node still serves those who did nothing wrong. */
export interface Witness {
  readonly client: SyncClient;
  /** Where it stands; it has been live from the start. */
  readonly cursor: Cursor;
  /** Resolves once an edit past the program has reached it over a connection that is live. */
  seesEdits(): Promise<void>;
}

/** Starts a witness, who watches a record that no test touches. */
export async function startWitness(cluster: Cluster, record: number): Promise<Witness> {
  const person = await cluster.addPerson('Witness', { workspace: cluster.workspace, role: 'viewer' });
  const client = cluster.client(person);
  client.start();
  await eventually(() => {
    if (client.connection.name !== 'live') throw new Error(`the witness is ${client.connection.name}`);
  });
  let count = 0;
  return {
    client,
    get cursor() {
      if (client.cursor === null) throw new Error('the witness has no cursor yet');
      return client.cursor;
    },
    seesEdits: async () => {
      count += 1;
      const note = `seen ${count} times`;
      await cluster.sql('update records set note = $1 where id = $2', [note, record]);
      await eventually(() => {
        if (client.store.get(record)?.note !== note) throw new Error('the witness has not seen the edit');
        if (client.connection.name !== 'live') throw new Error(`the witness is ${client.connection.name}`);
      });
    },
  };
}
