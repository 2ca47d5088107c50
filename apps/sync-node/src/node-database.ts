import {
  type AccessQuestion,
  type Database,
  editRecords,
  getFeedPosition,
  getFeedState,
  getSessionRoles,
  knownRecords,
  listMemberships,
  recordWith,
  type SessionAccess,
  type SessionRules,
  snapshotPage,
} from '@meldesync/db';
import { keepReadable, type ReportUnreadable, workspaceMembership } from '@meldesync/protocol';
import type { SecondFactorPolicy } from './auth/second-factor-policy.ts';
import { isBulkEdit, type NodeBudgets } from './budgets/node-budgets.ts';
import type { NodeDatabase } from './core/node-database.ts';
import { databaseTrouble } from './database-trouble.ts';

export interface NodeDatabaseOptions {
  readonly rules: SessionRules;
  readonly secondFactor: SecondFactorPolicy;
  /** Where the edits of a person take turns. */
  readonly budgets: Pick<NodeBudgets, 'edits' | 'bulkEdits'>;
}

/** What Postgres answers. */
export function nodeDatabase(
  { database, accounts }: { readonly database: Database; readonly accounts: Database },
  { rules, secondFactor, budgets }: NodeDatabaseOptions,
  onUnreadable: ReportUnreadable,
): NodeDatabase {
  const { drizzle } = database;
  const withPolicy = async (questions: readonly AccessQuestion[]): Promise<SessionAccess[]> => {
    const [access, lacking] = await Promise.all([
      getSessionRoles(accounts.drizzle, questions, rules),
      secondFactor.lacking(questions.map(({ sessionId }) => sessionId)),
    ]);
    return access.map((answer, index) =>
      answer.session === 'stands' && lacking.has(questions[index]?.sessionId ?? '')
        ? { session: 'needs-second-factor' }
        : answer,
    );
  };
  return {
    state: () => getFeedState(drizzle),
    position: (workspace) => getFeedPosition(drizzle, workspace),
    sessionRole: async (question) => (await withPolicy([question]))[0] ?? { session: 'ended' },
    sessionRoles: withPolicy,
    knownRecords: (input) => knownRecords(drizzle, input),
    editRecords(input) {
      const person = input.actor.userId;
      const edit = () =>
        budgets.edits.run(
          person,
          () => editRecords(database, input),
          () => input.items.length,
        );
      return isBulkEdit(input.items.length) ? budgets.bulkEdits.run(person, edit) : edit();
    },
    recordWith: (record, act) => recordWith(database, record, act),
    snapshotPage: (input) => snapshotPage(database, input),
    memberships: async (userId) =>
      keepReadable(workspaceMembership, await listMemberships(drizzle, userId), ({ id }, reason) =>
        onUnreadable({ place: 'member', workspace: id, reason }),
      ),
    troubleOf: databaseTrouble,
  };
}
