import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildLoadRunner } from '../../scripts/lib/load-runner.mjs';
import { startDroppingProxy } from './dropping-proxy.ts';

const SMOKE = new URL('../scenarios/smoke.ts', import.meta.url).pathname;
const PEOPLE = 20;
const RECORDS = 300;

let cluster: Cluster;
let folder: string;
let runner: string;
let peopleFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldesync-smoke-'));
  [cluster, runner] = await Promise.all([startCluster({ nodes: 1 }), buildLoadRunner()]);
  const { workspace } = cluster;
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, (_, index) => cluster.addPerson(`Person ${index}`, { workspace, role: 'editor' })),
  );
  await cluster.addRecords(RECORDS);
  peopleFile = join(folder, 'people.json');
  await writeFile(peopleFile, JSON.stringify({ workspace, people }));
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** How long things take is not what is tried here, on a machine that does other things. */
const ANY_TIME = { EDIT_P99_MS: '60000', CURRENT_MS: '60000' };

async function smoke(name: string, url: string): Promise<{ exitCode: number; missed: string[] }> {
  const outFolder = join(folder, name);
  const environment = { ...ANY_TIME, BASE_URL: url, PEOPLE_FILE: peopleFile };
  const told = Object.entries(environment).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const child = spawn(process.execPath, [runner, SMOKE, '--out', outFolder, ...told], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += String(text);
  });
  child.stderr.resume();
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const verdict = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { missed: string[] };
  return { exitCode, missed: verdict.missed };
}

it('smoke holds at a sound node', async () => {
  await using proxy = await startDroppingProxy(cluster.url(), 0);
  expect(await smoke('sound', proxy.url)).toEqual({ exitCode: 0, missed: [] });
});

it('smoke fails by its thresholds at a node that drops every thousandth message, though its clients recover', async () => {
  await using proxy = await startDroppingProxy(cluster.url(), 1_000);
  const { exitCode, missed } = await smoke('dropping', proxy.url);
  expect(proxy.dropped).toBeGreaterThan(0);
  expect(exitCode).toBe(99);
  expect(missed).toContain('frames_missing: count==0');
  const { metrics } = JSON.parse(await readFile(join(folder, 'dropping', 'summary.json'), 'utf8')) as Summary;
  expect(metrics['lost_updates']?.values['count']).toBe(0);
});

interface Summary {
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>;
}
