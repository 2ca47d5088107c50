import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Role } from '@meldesync/protocol';
import { type Cluster, ensureDocumentClientPython, sampleCsv, sharedPassword, startCluster } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import notSeen from '../../packages/protocol/vectors/not-seen.json' with { type: 'json' };

const PROTOCOL = fileURLToPath(new URL('../../packages/protocol', import.meta.url));
const TESTKIT = fileURLToPath(new URL('..', import.meta.url));

/** Each does what is theirs alone: limits count by person. Nina belongs to no workspace. */
const PEOPLE: Readonly<Record<string, Role | undefined>> = {
  anna: 'editor',
  bernd: 'editor',
  carla: 'editor',
  dora: 'editor',
  ella: 'editor',
  fritz: 'editor',
  lena: 'editor',
  vera: 'viewer',
  adam: 'admin',
  nina: undefined,
};
const RECORDS = 400;
/** As a node has it without a setting: the client opens one more. */
const PERSON_CONNECTIONS = 50;

/** What the last line of the client says. */
interface Summary {
  readonly rules: readonly string[];
  readonly faults: readonly string[];
}

/** What the client is told: where the nodes are, who it may be, and what is there. */
async function describe(cluster: Cluster): Promise<string> {
  const people: Record<string, { id: string; email: string }> = {};
  for (const [name, role] of Object.entries(PEOPLE)) {
    const { id, email } = await cluster.addPerson(name, role && { workspace: cluster.workspace, role });
    people[name] = { id, email };
  }
  return JSON.stringify({
    urls: [cluster.url(0), cluster.url(1)],
    workspace: cluster.workspace,
    people,
    password: (await sharedPassword()).password,
    records: await cluster.addRecords(RECORDS),
    csv: sampleCsv(20, 100_000),
    vectors: `${PROTOCOL}/vectors`,
  });
}

/** Runs the client to its end, with what it says shown; its last line. */
async function runClient(python: string, told: string): Promise<Summary> {
  const client = spawn(python, ['-B', '-m', 'document_client'], { cwd: TESTKIT, stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdin.end(told);
  let said = '';
  client.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('close', resolve);
  });
  console.log(said);
  return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Summary;
}

/** The rules of the document, by their ids. */
async function documentedRules(): Promise<string[]> {
  const document = await readFile(`${PROTOCOL}/PROTOCOL.md`, 'utf8');
  return [...document.matchAll(/^- \*\*(P\d+)\*\*/gm)].map(([, rule = '']) => rule);
}

it('a client made of PROTOCOL.md and its vectors alone finds every rule to hold that it can see', async () => {
  const python = await ensureDocumentClientPython();
  await using cluster = await startCluster({ nodes: 2, personConnections: PERSON_CONNECTIONS });
  const { rules, faults } = await runClient(python, await describe(cluster));
  expect(faults).toEqual([]);

  const unseen = notSeen.rules.filter(({ seen }) => seen === 'none').map(({ rule }) => rule);
  const inPart = notSeen.rules.filter(({ seen }) => seen === 'part').map(({ rule }) => rule);
  expect([...rules, ...unseen].toSorted()).toEqual((await documentedRules()).toSorted());
  expect(inPart.filter((rule) => !rules.includes(rule))).toEqual([]);
});
