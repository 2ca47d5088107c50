import { getSessionRole, knownRecords, type SessionAccess } from '@meldesync/db';
import type { EditOutcome, ErrorCode } from '@meldesync/protocol';
import { type EditRequest, type EditServices, performEdit } from '../edits/perform-edit.ts';

/** What a session asks of the database. */
export interface SessionData {
  /** Whether a session still stands, and the role its person has in a workspace. */
  sessionRole(input: { workspaceId: string; userId: string; sessionId: string }): Promise<SessionAccess>;
  /** Which of the ids are records of the workspace. */
  knownRecords(input: { workspaceId: string; ids: readonly number[] }): Promise<ReadonlySet<number>>;
  /** Carries an edit out; its outcomes are committed. */
  performEdit(request: EditRequest): Promise<{ outcomes: EditOutcome[] } | { refused: ErrorCode }>;
}

/** What Postgres answers. */
export function sessionData(services: EditServices): SessionData {
  const { drizzle } = services.database;
  return {
    sessionRole: (input) => getSessionRole(drizzle, input),
    knownRecords: (input) => knownRecords(drizzle, input),
    performEdit: (request) => performEdit(services, request),
  };
}
