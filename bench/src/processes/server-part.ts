import { eventually } from '@meldesync/testkit';
import type { Program } from './program.ts';

/** A server process that can end and come back under the same name. */
export interface ServerPart {
  readonly name: string;
  /** Origin of a node; the others serve nobody. */
  readonly url: string | undefined;
  readonly pid: number;
  /** Resolves once the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again after it was killed. */
  start(): void;
  /** Resolves when it serves; at once for a part that serves nobody. */
  ready(): Promise<void>;
}

export interface ServerPartOptions {
  readonly name: string;
  readonly url?: string;
  /** Starts the process. */
  readonly run: () => Program;
}

/** Starts the process of a part. */
export function createServerPart({ name, url, run }: ServerPartOptions): ServerPart {
  let program = run();
  return {
    name,
    url,
    get pid() {
      return program.pid;
    },
    kill: (signal) => program.kill(signal),
    start: () => {
      program = run();
    },
    ready: async () => {
      if (url === undefined) return;
      await eventually(async () => {
        if (!(await fetch(`${url}/readyz`)).ok) throw new Error(`${name} is not ready`);
      });
    },
  };
}
