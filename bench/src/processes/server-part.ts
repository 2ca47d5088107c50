import { eventually } from '@meldesync/testkit';
import { PATIENCE_MS } from '../poll.ts';
import type { Program } from './program.ts';

/** A server process that can end and come back under the same name. */
export interface ServerPart {
  readonly name: string;
  /** Origin of a node; the others serve nobody. */
  readonly url: string | undefined;
  /** Origin of its metrics and of its answer to whether it is ready: its own, also where nodes share a port. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Resolves once the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again after it was killed. */
  start(): void;
  /** Resolves when it does its work, or stands by for it. */
  ready(): Promise<void>;
}

export interface ServerPartOptions {
  readonly name: string;
  readonly url?: string;
  readonly adminUrl: string;
  /** Starts the process. */
  readonly run: () => Program;
}

/** Starts the process of a part. */
export function createServerPart({ name, url, adminUrl, run }: ServerPartOptions): ServerPart {
  let program = run();
  return {
    name,
    url,
    adminUrl,
    get pid() {
      return program.pid;
    },
    kill: (signal) => program.kill(signal),
    start: () => {
      program = run();
    },
    ready: () =>
      eventually(async () => {
        if (!(await fetch(`${adminUrl}/readyz`)).ok) throw new Error(`${name} is not ready`);
      }, PATIENCE_MS),
  };
}
