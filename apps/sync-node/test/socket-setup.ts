import type { Edit, UpMessage } from '@meldesync/protocol';
import {
  type Cluster,
  connectRaw,
  type RawSocket,
  type RawSocketOptions,
  startCluster,
  startWitness,
  type TestPerson,
  type Witness,
} from '@meldesync/testkit';
import { afterAll, afterEach } from 'vitest';

/** A node, and sockets that are talked to by hand; whatever a test does to its own, the node serves the others as before. */
export interface SocketSetup {
  readonly cluster: Cluster;
  readonly anna: TestPerson;
  readonly record: number;
  readonly witness: Witness;
  /** Opens a socket, as Anna unless said otherwise, until the test has ended. */
  readonly connect: (options?: RawSocketOptions) => Promise<RawSocket>;
  readonly hello: (workspace?: string) => UpMessage;
  /** A socket that was welcomed. */
  readonly greeted: (person?: TestPerson) => Promise<RawSocket>;
  /** The record's version in Postgres. */
  readonly version: () => Promise<number>;
  /** An edit of the record as it stands. */
  readonly edit: (operation: string, note?: string) => Promise<Edit>;
}

/** Sets it up for a file of tests, until the last of them has ended. */
export async function setUpSockets(): Promise<SocketSetup> {
  const cluster = await startCluster({ nodes: 1, worker: false });
  afterAll(() => cluster[Symbol.asyncDispose]());
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [record = 0, watched = 0] = await cluster.addRecords(2);
  const witness = await startWitness(cluster, watched);
  let open: RawSocket[] = [];
  afterEach(async () => {
    for (const socket of open) await socket[Symbol.asyncDispose]();
    open = [];
    await witness.seesEdits();
  });

  const connect = async (options: RawSocketOptions = { token: anna.token }): Promise<RawSocket> => {
    const socket = await connectRaw(cluster.url(), options);
    open.push(socket);
    return socket;
  };
  const hello = (workspace = cluster.workspace): UpMessage => ({
    type: 'hello',
    workspace,
    client: { kind: 'web', version: 'test' },
  });
  const greeted = async (person = anna): Promise<RawSocket> => {
    const socket = await connect({ token: person.token });
    socket.send(hello());
    await socket.next('welcome');
    return socket;
  };
  const version = async (): Promise<number> => {
    const [row] = await cluster.sql('select version from records where id = $1', [record]);
    return Number(row?.['version']);
  };
  const edit = async (operation: string, note = operation): Promise<Edit> => ({
    type: 'edit',
    operation,
    items: [{ record, baseVersion: await version(), set: { note } }],
  });
  return { cluster, anna, record, witness, connect, hello, greeted, version, edit };
}
