import {
  type Database,
  editRecords,
  getFeedPositions,
  getFeedState,
  getSessionRole,
  getSessionRoles,
  knownRecords,
  listMemberships,
  type SessionRules,
  snapshotPage,
} from '@meldesync/db';
import { keepReadable, type ReportUnreadable, workspaceMembership } from '@meldesync/protocol';
import type { NodeDatabase } from './core/node-database.ts';
import { databaseTrouble } from './database-trouble.ts';

/** What Postgres answers. */
export function nodeDatabase(database: Database, rules: SessionRules, onUnreadable: ReportUnreadable): NodeDatabase {
  const { drizzle } = database;
  return {
    state: () => getFeedState(drizzle),
    positions: () => getFeedPositions(drizzle),
    sessionRole: (question) => getSessionRole(drizzle, question, rules),
    sessionRoles: (questions) => getSessionRoles(drizzle, questions, rules),
    knownRecords: (input) => knownRecords(drizzle, input),
    editRecords: (input) => editRecords(database, input),
    snapshotPage: (input) => snapshotPage(database, input),
    memberships: async (userId) =>
      keepReadable(workspaceMembership, await listMemberships(drizzle, userId), ({ id }, reason) =>
        onUnreadable({ place: 'member', workspace: id, reason }),
      ),
    troubleOf: databaseTrouble,
  };
}
