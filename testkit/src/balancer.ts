import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Balancer, startHaproxy } from '../../scripts/lib/haproxy.mjs';
import { silenceSteps } from '../../scripts/lib/log.mjs';
import { StopStack } from '../../scripts/lib/stop-stack.mjs';
import { eventually } from './eventually.ts';
import { serverPort } from './server-port.ts';

/** HAProxy with the file of `deploy/haproxy`, in front of three nodes. */
export interface TestBalancer extends AsyncDisposable {
  readonly state: Balancer;
  /** Resolves once it gives people to every node. */
  whole(): Promise<void>;
}

export interface TestBalancerOptions {
  readonly port: number;
  readonly nodePorts: readonly number[];
  /** File with certificate and key; without it there is no TLS. */
  readonly certificate?: string | undefined;
}

/** Starts one on 127.0.0.1. */
export async function startBalancer({ port, nodePorts, certificate }: TestBalancerOptions): Promise<TestBalancer> {
  // What a drill says on standard output is its result.
  silenceSteps();
  const folder = mkdtempSync(join(tmpdir(), 'meldesync-haproxy-'));
  const stack = new StopStack();
  try {
    const figuresPort = await serverPort();
    const state = await startHaproxy(stack, { folder, host: '127.0.0.1', port, figuresPort, nodePorts, certificate });
    return {
      state,
      whole: () =>
        eventually(async () => {
          if (!(await state.isWhole())) throw new Error('HAProxy does not give people to every node');
        }),
      [Symbol.asyncDispose]: async () => {
        await stack.stopAll();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stack.stopAll();
    throw error;
  }
}
