import { createApi } from '@meldesync/client';
import type { ResourceStack } from '@meldesync/lifecycle';
import type { BenchContext } from './context.ts';
import { type Remote, startRemote } from './processes/remote.ts';
import type { LightClientProcess } from './receivers/light-client-process.ts';
import { tokenAccess } from './systems/access.ts';
import type { Meldesync } from './systems/meldesync.ts';

/** Thousands of light clients, spread over processes, so that none of these is what is measured. */
export interface LightClients {
  readonly processes: readonly Remote<LightClientProcess>[];
  /** Resolves when that many more are current. */
  connect(clients: number): Promise<void>;
  /** Ends all their connections. */
  close(): Promise<void>;
}

const PROCESSES = 2;
const PROCESS_FILE = new URL('./receivers/light-client-process.ts', import.meta.url);

/** Starts the processes; nobody is connected yet. */
export function startLightClients(context: BenchContext, stack: ResourceStack, system: Meldesync): LightClients {
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    stack.use(
      startRemote<LightClientProcess>(context, { name: `light-${index + 1}`, file: PROCESS_FILE, isServer: false }),
    ),
  );
  return {
    processes,
    connect: async (clients) => {
      const url = system.urls[0] ?? '';
      const tokens = system.people.map(({ token }) => token);
      const api = createApi(tokenAccess(url, tokens[0] ?? ''));
      const { cursor } = await api.snapshotPage(system.workspace, { limit: 1 });
      await Promise.all(
        processes.map((process, index) =>
          process.call('connect', {
            url,
            tokens: ownShare(tokens, index),
            workspace: system.workspace,
            cursor,
            clients: Math.floor(clients / PROCESSES) + (index < clients % PROCESSES ? 1 : 0),
          }),
        ),
      );
    },
    close: async () => {
      await Promise.all(processes.map((process) => process.call('close', null)));
    },
  };
}

/** Every process has people of its own, as long as there are enough. */
function ownShare(tokens: readonly string[], process: number): string[] {
  const share = tokens.filter((_, index) => index % PROCESSES === process);
  return share.length > 0 ? share : [...tokens];
}
