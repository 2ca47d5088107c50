import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ResourceStack } from '@meldesync/lifecycle';
import { limitRole, type Role } from '@meldesync/protocol';
import { type Cluster, ensurePythonTool, readMetrics, startCluster, sumOf, type TestPerson } from '@meldesync/testkit';
import type { BenchContext } from '../../context.ts';

/** For how many seconds each role asks. */
export const DESCRIBED_OPTIONS = { seconds: 100, seed: 1 };

/**
 * All checks of Schemathesis that look at one request (those that follow it with another are of a phase that is left out), with the answers that it does not count as right by itself. A request that is right by its form may still
 * name what is not there, no more or another version (404, 410, 412), want what a rule of the domain or another person's lock refuses (422, 423),
 * ask too often (429), or hold a text that cannot be kept, such as NUL (400). One that is wrong is refused by what it is wrong in.
 */
const CONFIG = `
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 400, 401, 403, 404, 409, 410, 412, 413, 422, 423, 428, 429]

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422, 423, 428, 429]

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 404, 406, 422, 428, 429]
`;
/** The file of settings that Schemathesis looks for where it runs. */
const CONFIG_FILE = 'schemathesis.toml';
/** They end the session that asks, or let everybody refresh by hand. */
const LEFT_OUT = ['signOut', 'endOwnSessions', 'changeOwnPassword', 'setLevel'];

const HOOKS = fileURLToPath(new URL('.', import.meta.url));

interface Found {
  readonly role: Role;
  /** Schemathesis has found an answer that is not as described. */
  readonly isAsDescribed: boolean;
}

/**
 * Schemathesis makes requests of the service's own description, right ones and wrong ones, as people of three roles, while the counts of
 * a node say how it has answered. False where an answer was not as described, or was a fault of the service.
 */
export async function runDescribed(
  context: BenchContext,
  { seconds, seed }: typeof DESCRIBED_OPTIONS,
): Promise<boolean> {
  await using stack = new ResourceStack();
  context.step('Installing Schemathesis');
  const program = await ensurePythonTool('st');
  context.step('Starting a cluster of one node');
  const cluster = stack.use(await startCluster({ nodes: 1, logLevel: 'silent' }));
  await cluster.addRecords(20);
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-described-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const description = join(folder, 'openapi.json');
  await writeFile(description, await describe(cluster));
  await writeFile(join(folder, CONFIG_FILE), CONFIG);
  const found: Found[] = [];
  for (const role of limitRole.options) {
    context.step(`Asking as ${role} for ${seconds} s`, 'trial');
    const person = await addPerson(cluster, role);
    const args = argumentsOf({ description, url: cluster.url(), token: person.token, seconds, seed });
    const code = await run(program, args, folder, context.signal);
    found.push({ role, isAsDescribed: code === 0 });
  }
  const answered = await countAnswers(cluster);
  console.log(JSON.stringify({ drill: 'described', seconds, seed, ...answered, roles: found }));
  return answered.faults === 0 && found.every(({ isAsDescribed }) => isAsDescribed);
}

/** With a workspace that is there: nobody guesses its id. */
async function describe(cluster: Cluster): Promise<string> {
  const text = await (await fetch(`${cluster.url()}/api/openapi.json`)).text();
  const document = JSON.parse(text) as { paths: Record<string, Record<string, { parameters?: Parameter[] }>> };
  for (const operations of Object.values(document.paths))
    for (const { parameters = [] } of Object.values(operations))
      for (const parameter of parameters)
        if (parameter.name === 'workspace') parameter.schema = { type: 'string', enum: [cluster.workspace] };
  return JSON.stringify(document);
}

interface Parameter {
  readonly name?: string;
  schema?: object;
}

/** An admin administers the installation too. */
async function addPerson(cluster: Cluster, role: Role): Promise<TestPerson> {
  const person = await cluster.addPerson(`Probe ${role}`, { workspace: cluster.workspace, role });
  if (role === 'admin')
    await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
  return person;
}

interface AskInput {
  readonly description: string;
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  readonly seed: number;
}

function argumentsOf({ description, url, token, seconds, seed }: AskInput): string[] {
  return [
    'run',
    description,
    '--url',
    url,
    '--header',
    `Authorization: Bearer ${token}`,
    '--phases',
    'examples,coverage,fuzzing',
    '--max-time',
    String(seconds),
    '--seed',
    String(seed),
    '--workers',
    '2',
    '--continue-on-failure',
    '--no-color',
    '--generation-database',
    'none',
    '--warnings',
    'off',
    ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
  ];
}

/** What it writes goes to standard error: the last line of standard output is ours. */
function run(program: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<number> {
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: 'schemathesis_hooks',
    PYTHONPATH: HOOKS,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const child = spawn(program, args, { cwd, signal, env, stdio: ['ignore', process.stderr, process.stderr] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const ANSWERED = 'http_server_request_duration_seconds_count';

/** What the node says of how it has answered. */
async function countAnswers(cluster: Cluster): Promise<{ requests: number; faults: number }> {
  const metrics = await readMetrics(cluster.nodes[0]);
  const faults = metrics.filter(
    ({ name, labels }) => name === ANSWERED && Number(labels['http_response_status_code']) >= 500,
  );
  return { requests: sumOf(metrics, ANSWERED), faults: faults.reduce((sum, { value }) => sum + value, 0) };
}
