import type { Uploads } from './uploads.ts';

/** The uploads of every workspace that the person has opened since the page was loaded. */
export interface WorkspaceUploads {
  /** Those of a workspace: the same object for as long as the page lives. */
  of(workspace: string): Uploads;
  /** Whether files of any workspace have not arrived yet; failed ones do not count. */
  isBusy(): boolean;
}

/**
 * Keeps the uploads of workspaces apart and past the time that one is open: who looks into another workspace finds what
 * was on its way, and what failed meanwhile, when they come back.
 */
export function createWorkspaceUploads(open: (workspace: string) => Uploads): WorkspaceUploads {
  const known = new Map<string, Uploads>();
  return {
    of(workspace) {
      const uploads = known.get(workspace) ?? open(workspace);
      known.set(workspace, uploads);
      return uploads;
    },
    isBusy: () =>
      [...known.values()].some((uploads) => uploads.getSnapshot().some(({ state }) => state.name !== 'failed')),
  };
}
