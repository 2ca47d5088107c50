import { join } from 'node:path';
import type { SettledEdit } from '@meldesync/client';
import { z } from 'zod';
import { type CliContext, printAside } from '../context.ts';
import { CliError } from '../errors.ts';
import { configFolder, readJsonFile, writePrivateJson } from '../session/private-file.ts';
import type { WorkspaceService } from '../session/service.ts';

/** How many edits of an account in a workspace can be taken back. */
const DEPTH = 20;

/** An edit that was made here: which records it brought to which versions. What it set is in their history, and nowhere here. */
const madeEdit = z.array(z.object({ record: z.int().positive(), version: z.int().positive() }));
export type MadeEdit = z.infer<typeof madeEdit>;

/** By server, workspace and user, the latest last. */
const madeEdits = z.record(z.string(), z.array(madeEdit));

function pathIn(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), 'edits.json');
}

function keyOf({ access, workspace, me }: WorkspaceService): string {
  return [access.server, workspace.id, me.user.id].join(' ');
}

async function readAll(env: NodeJS.ProcessEnv): Promise<z.infer<typeof madeEdits>> {
  const path = pathIn(env);
  const file = await readJsonFile(path);
  if (file === undefined) return {};
  const parsed = madeEdits.safeParse(file.content);
  if (!parsed.success) throw new CliError('configUnreadable', { path });
  return parsed.data;
}

/** The edits of this account that can be taken back, the latest last. Throws `configUnreadable`. */
export async function readEdits({ terminal }: CliContext, service: WorkspaceService): Promise<readonly MadeEdit[]> {
  return (await readAll(terminal.env))[keyOf(service)] ?? [];
}

/** Keeps these in place of all. Throws `configUnreadable`, `configUnwritable`. */
export async function writeEdits(
  { terminal: { env } }: CliContext,
  service: WorkspaceService,
  edits: readonly MadeEdit[],
): Promise<void> {
  await writePrivateJson(pathIn(env), { ...(await readAll(env)), [keyOf(service)]: edits.slice(-DEPTH) });
}

/** Remembers what was accepted of an edit. It is made already: where that cannot be kept, it is said and no more. */
export async function keepForUndo(
  context: CliContext,
  service: WorkspaceService,
  settled: readonly SettledEdit[],
): Promise<void> {
  const made = acceptedOf(settled);
  if (made.length === 0) return;
  try {
    await writeEdits(context, service, [...(await readEdits(context, service)), made]);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    printAside(context, context.errorStyle.yellow(context.t('undo.notKept')));
  }
}

function acceptedOf(settled: readonly SettledEdit[]): MadeEdit {
  return settled.flatMap(({ seen, outcome }) =>
    outcome.outcome === 'accepted' ? [{ record: seen.id, version: outcome.version }] : [],
  );
}
