import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, runSql } from '@meldesync/testkit';
import type { Check } from '../drill-report.ts';
import { THIS_RELEASE } from '../upgrade/release.ts';

const run = promisify(execFile);
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** What `meldesync audit verify` says. */
interface Verdict {
  readonly entries: number;
  readonly unsealed: number;
  readonly findings: readonly { readonly kind: string }[];
}

/** The key that checkpoints are signed with, and their file. */
export interface TrailKeeper extends AsyncDisposable {
  /** For the worker that seals. */
  readonly settings: Readonly<Record<string, string>>;
  /** Waits until everything is sealed and signed. */
  settle(ownerUrl: string): Promise<void>;
  /** Waits until everything is sealed and signed, and copies the file: what there is of checkpoints at the moment of a backup. */
  copy(ownerUrl: string, name: string): Promise<string>;
  /** Whether what was put back is sealed as it was, up to the checkpoints of then; and whether those of later are missed. */
  checks(ownerUrl: string, name: string, copy: string): Promise<Check[]>;
}

/** Makes a key and a place for checkpoints, which outlive the servers. */
export async function keepTrail(): Promise<TrailKeeper> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-checkpoints-'));
  const [file, key] = [join(folder, 'checkpoints.jsonl'), join(folder, 'key.pem')];
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  await writeFile(key, pem, { mode: 0o600 });
  const verify = (ownerUrl: string, ...args: string[]) => auditVerify(ownerUrl, ['--key', key, ...args]);
  const untilSealed = async (ownerUrl: string): Promise<Verdict> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const verdict = await verify(ownerUrl);
      if (verdict.unsealed === 0 || performance.now() > deadline) return verdict;
      await sleep(LOOK_EVERY_MS);
    }
  };
  const settle = async (ownerUrl: string): Promise<void> => {
    await untilSealed(ownerUrl);
    await eventually(() => requireSigned(ownerUrl), PATIENCE_MS);
  };
  return {
    settle,
    settings: {
      AUDIT_SIGNING_KEY: pem,
      AUDIT_CHECKPOINT_FILE: file,
      AUDIT_SEAL_INTERVAL_MS: '200',
      AUDIT_CHECKPOINT_INTERVAL_MS: '0',
    },
    copy: async (ownerUrl, name) => {
      await settle(ownerUrl);
      const copy = join(folder, `${name}.jsonl`);
      await copyFile(file, copy);
      return copy;
    },
    checks: async (ownerUrl, name, copy) => {
      const whole = await untilSealed(ownerUrl);
      const then = await verify(ownerUrl, '--checkpoints', copy, '--copy-age', '24h');
      const later = await verify(ownerUrl, '--checkpoints', file, '--copy-age', '24h');
      return [
        {
          name: `${name}: meldesync audit verify says that ${whole.entries} entries are as they were sealed, up to the checkpoints of then; ${whole.unsealed} are not sealed`,
          holds:
            whole.entries > 0 && [whole, then].every(({ findings }) => findings.length === 0) && whole.unsealed === 0,
        },
        {
          name: `${name}: by the checkpoints of later it misses what is lost`,
          holds: later.findings.some(({ kind }) => kind === 'tail-removed' || kind === 'checkpoint-differs'),
        },
      ];
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function requireSigned(ownerUrl: string): Promise<void> {
  const [row] = await runSql(
    ownerUrl,
    'select (select max(no) from audit_checkpoints) = (select max(no) from audit_seals) as signed',
  );
  if (row?.['signed'] !== true) throw new Error('the last seal is not signed');
}

async function auditVerify(ownerUrl: string, args: readonly string[]): Promise<Verdict> {
  const program = fileURLToPath(THIS_RELEASE.file('dist/cli.js'));
  const environment = { ...process.env, DATABASE_URL: ownerUrl };
  const { stdout } = await run(process.execPath, [program, 'audit', 'verify', '--json', ...args], {
    env: environment,
    // It ends with 1 where it finds something, which it says.
  }).catch((error: { stdout?: string; code?: unknown }) => {
    if (error.code === 1 && error.stdout) return { stdout: error.stdout };
    throw error;
  });
  return (JSON.parse(stdout) as { readonly verdict: Verdict }).verdict;
}
