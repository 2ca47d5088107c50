import { type ClientRecord, SyncError, toClientRecord } from '@meldesync/client';
import { LOOK_UP_LIMITS, type RecordLookUp } from '@meldesync/protocol';
import { CliError } from '../errors.ts';
import type { WorkspaceService } from '../session/service.ts';
import { type Candidates, findTarget, type Target } from './target.ts';
import { parseWritten } from './written.ts';

/** What was named, and all records that belong to it. */
export interface FoundTargets {
  readonly targets: readonly Target[];
  readonly candidates: Candidates;
}

/**
 * Asks the server for what is named, in their order, and nothing else. Throws `targetNotFound`, `targetTooShort`, `targetAmbiguous`, or
 * `tooManyTargets`.
 */
export async function lookUpTargets(service: WorkspaceService, texts: readonly string[]): Promise<FoundTargets> {
  if (texts.length > LOOK_UP_LIMITS.names) {
    throw new CliError('tooManyTargets', { count: texts.length, limit: LOOK_UP_LIMITS.names });
  }
  const candidates = await lookUp(service, questionFor(texts));
  return { targets: texts.map((text) => findTarget(text, candidates)), candidates };
}

/** The one target. */
export async function lookUpTarget(
  service: WorkspaceService,
  text: string,
): Promise<{ readonly target: Target; readonly candidates: Candidates }> {
  const candidates = await lookUp(service, questionFor([text]));
  return { target: findTarget(text, candidates), candidates };
}

/** The records of these ids that there are, by id. */
export async function lookUpRecords(service: WorkspaceService, ids: Iterable<number>): Promise<Candidates> {
  const wanted = [...new Set(ids)];
  const found = new Map<number, ClientRecord>();
  for (let from = 0; from < wanted.length; from += LOOK_UP_LIMITS.records) {
    const part = await lookUp(service, { records: wanted.slice(from, from + LOOK_UP_LIMITS.records) });
    for (const [id, record] of part) found.set(id, record);
  }
  return found;
}

/** Asks once. Throws `serverTooOld` where the server does not know the question. */
export async function lookUp(
  { api, workspace, access }: WorkspaceService,
  question: RecordLookUp,
): Promise<Candidates> {
  if (Object.values(question).every((names) => !Array.isArray(names) || names.length === 0)) return new Map();
  try {
    const { records } = await api.lookUpRecords(workspace.id, question);
    return new Map(records.map((record) => [record.id, toClientRecord(record)]));
  } catch (error) {
    if (error instanceof SyncError && error.code === 'not-found') {
      throw new CliError('serverTooOld', { server: access.server }, { cause: error });
    }
    throw error;
  }
}

function questionFor(texts: readonly string[]): RecordLookUp {
  const written = texts.map(parseWritten);
  return {
    records: [...new Set(written.flatMap(({ number }) => number ?? []))],
    vorgangsnummern: [...new Set(written.flatMap(({ start }) => start ?? []))],
    caseIds: [...new Set(written.flatMap(({ mayBeCase, rest }) => (mayBeCase ? caseIdIn(rest) : [])))],
    wholeCases: true,
  };
}

function caseIdIn(text: string): string[] {
  const caseId = text.trim().normalize('NFC');
  return caseId === '' ? [] : [caseId];
}
