import type { ImportProgress, ImportSummary } from '@meldesync/protocol';

/** How often a workspace hears of its imports; screens cannot show more. */
const INTERVAL_MS = 250;

/** How many it hears of each time. A thousand small files end in seconds, and each screen would get a message for every one. */
const IMPORTS_A_TIME = 5;

/** Tells a workspace's screens how its imports stand. */
export interface ProgressReporter extends Disposable {
  /** What is known of an import last is sent at once or a little later, its end always. */
  report(workspaceId: string, summary: ImportSummary): void;
}

export interface ProgressReporterOptions {
  /** Sends JSON to the clients of a workspace. */
  readonly publish: (workspaceId: string, message: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Disposed of, it sends what waits still. */
export function createProgressReporter({ publish, onError }: ProgressReporterOptions): ProgressReporter {
  const workspaces = new Map<string, { readonly waiting: Map<string, ImportSummary>; timer: NodeJS.Timeout }>();

  const send = async (workspaceId: string, summary: ImportSummary): Promise<void> => {
    const message: ImportProgress = { type: 'import', import: summary };
    try {
      await publish(workspaceId, JSON.stringify(message));
    } catch (error) {
      onError(error);
    }
  };

  /** Sends the next few; a workspace of which nothing waits is forgotten. */
  const tick = (workspaceId: string): void => {
    const workspace = workspaces.get(workspaceId);
    if (!workspace) return;
    if (workspace.waiting.size === 0) {
      clearInterval(workspace.timer);
      workspaces.delete(workspaceId);
      return;
    }
    for (const [id, summary] of [...workspace.waiting].slice(0, IMPORTS_A_TIME)) {
      workspace.waiting.delete(id);
      void send(workspaceId, summary);
    }
  };

  return {
    report: (workspaceId, summary) => {
      const workspace = workspaces.get(workspaceId);
      if (workspace) {
        workspace.waiting.set(summary.id, summary);
        return;
      }
      workspaces.set(workspaceId, { waiting: new Map(), timer: setInterval(tick, INTERVAL_MS, workspaceId) });
      void send(workspaceId, summary);
    },
    [Symbol.dispose]: () => {
      for (const [workspaceId, { waiting, timer }] of workspaces) {
        clearInterval(timer);
        for (const summary of waiting.values()) void send(workspaceId, summary);
      }
      workspaces.clear();
    },
  };
}
