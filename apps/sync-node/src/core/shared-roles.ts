import type { SessionAccess } from '@meldesync/db';
import { type Batcher, createBatcher } from '../batcher.ts';
import type { NodeDatabase } from './node-database.ts';

type Question = Parameters<NodeDatabase['sessionRoles']>[0][number];

/**
 * Who may be here, for connections that greet at the same time. Those of different sessions share queries; the windows of one
 * session share an answer, only while it is on its way, and never over a change of access.
 */
export class SharedRoles {
  readonly #batcher: Batcher<Question, SessionAccess>;
  #waiting = new Map<string, Promise<SessionAccess>>();

  constructor(database: Pick<NodeDatabase, 'sessionRoles' | 'troubleOf'>) {
    this.#batcher = createBatcher({
      query: (questions) => database.sessionRoles(questions),
      isTrouble: (error) => database.troubleOf(error) !== undefined,
    });
  }

  find(question: Question): Promise<SessionAccess> {
    const waiting = this.#waiting;
    const key = JSON.stringify([question.workspaceId, question.userId, question.sessionId]);
    const asked = waiting.get(key);
    if (asked) return asked;
    const answer = this.#batcher.ask(question);
    waiting.set(key, answer);
    const forget = () => waiting.delete(key);
    answer.then(forget, forget);
    return answer;
  }

  /** Access has changed: what is on its way may be of before. */
  forgetAll(): void {
    this.#waiting = new Map();
  }
}
