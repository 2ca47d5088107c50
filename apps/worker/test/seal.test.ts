import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCheckpointSigner,
  parseCheckpointLine,
  readCheckpointKeys,
  type Verdict,
  verifyTrail,
} from '@meldesync/audit';
import { connectDatabase, readTrail } from '@meldesync/db';
import { type Cluster, eventually, metricOf, startCluster } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

let folder: string;
let file: string;
let cluster: Cluster;
let receiver: Server;
let received: string[];
let isTaking: boolean;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  file = join(folder, 'checkpoints.jsonl');
  received = [];
  isTaking = true;
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (isTaking) received.push(...body.trimEnd().split('\n'));
      response.writeHead(isTaking ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  cluster = await startCluster({
    worker: false,
    sealIntervalMs: 20,
    logLevel: 'silent',
    checkpoints: {
      signer: createCheckpointSigner(pem),
      intervalMs: 0,
      file,
      url: `http://127.0.0.1:${port}/checkpoints`,
    },
  });
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(folder, { recursive: true });
});

async function* lines() {
  for (const line of (await readFile(file, 'utf8')).trimEnd().split('\n')) yield parseCheckpointLine(line);
}

async function verify(): Promise<Verdict> {
  await using database = connectDatabase({
    url: cluster.database.urlAs('auditor'),
    maxConnections: 1,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  return await readTrail(database, (trail) => verifyTrail({ trail, outside: lines(), keys: readCheckpointKeys(pem) }));
}

const everythingIsSealed = () =>
  eventually(async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({ unsealed: 0, found: 0, findings: [] });
    expect(verdict.entries).toBeGreaterThan(0);
    const [last] = await cluster.sql(
      'select (select max(no) from audit_checkpoints)::int as signed, (select max(no) from audit_seals)::int as sealed',
    );
    expect(last?.['signed']).toBe(last?.['sealed']);
  });

describe('a worker', () => {
  it('R5.5 seals what is written, signs it, and puts it into the database, the file and the receiver', async () => {
    const worker = await cluster.addWorker('worker-1');
    await cluster.addRecords(5);
    await everythingIsSealed();
    const inFile = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await eventually(() => expect(received).toEqual(inFile));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await metricOf(worker, 'meldesync_seal_active')).toBe(1);
  });

  it('goes on where another one ended: what its file lacks is copied, and half a line is not kept', async () => {
    await cluster.addRecords(2);
    const first = await cluster.addWorker('worker-1');
    await everythingIsSealed();
    await cluster.end(first);
    const { size } = await stat(file);
    await truncate(file, size - 7);
    await cluster.addWorker('worker-2');
    await cluster.addRecords(2, { first: 10 });
    await everythingIsSealed();
    expect((await verify()).checkpoints.outside).toBe((await verify()).checkpoints.inside);
  });

  it('posts what a receiver did not take once it takes it', async () => {
    isTaking = false;
    await cluster.addWorker('worker-1');
    await cluster.addRecords(3);
    await everythingIsSealed();
    expect(received).toEqual([]);
    isTaking = true;
    const inFile = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await eventually(() => expect(received).toEqual(inFile));
  });
});
