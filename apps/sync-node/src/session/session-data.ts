import { type AccessQuestion, getSessionRole, getSessionRoles, knownRecords, type SessionAccess } from '@meldesync/db';
import type { EditOutcome, ErrorCode } from '@meldesync/protocol';
import { type EditRequest, type EditServices, performEdit } from '../edits/perform-edit.ts';

/** What a session asks of the database. */
export interface SessionData {
  /** Whether a session still stands, and the role its person has in a workspace. */
  sessionRole(question: AccessQuestion): Promise<SessionAccess>;
  /** The same for many: an answer for each question, in their order. */
  sessionRoles(questions: readonly AccessQuestion[]): Promise<SessionAccess[]>;
  /** Which of the ids are records of the workspace. */
  knownRecords(input: { workspaceId: string; ids: readonly number[] }): Promise<ReadonlySet<number>>;
  /** Carries an edit out; its outcomes are committed. */
  performEdit(request: EditRequest): Promise<{ outcomes: EditOutcome[] } | { refused: ErrorCode }>;
}

/** What Postgres answers. */
export function sessionData(services: EditServices): SessionData {
  const { drizzle } = services.database;
  return {
    sessionRole: (question) => getSessionRole(drizzle, question),
    sessionRoles: (questions) => getSessionRoles(drizzle, questions),
    knownRecords: (input) => knownRecords(drizzle, input),
    performEdit: (request) => performEdit(services, request),
  };
}
