import type { SessionAccess } from '@meldesync/db';
import type { SessionData } from './session-data.ts';

type Question = Parameters<SessionData['sessionRole']>[0];

/**
 * Who may be here, asked once for connections of one session that greet at the same time: the windows of one person come
 * back together when a node is gone. An answer is shared only while it is on its way, and never over a change of access.
 */
export class SharedRoles {
  readonly #ask: SessionData['sessionRole'];
  #waiting = new Map<string, Promise<SessionAccess>>();

  constructor(ask: SessionData['sessionRole']) {
    this.#ask = ask;
  }

  find(question: Question): Promise<SessionAccess> {
    const waiting = this.#waiting;
    const key = JSON.stringify([question.workspaceId, question.userId, question.sessionId]);
    const asked = waiting.get(key);
    if (asked) return asked;
    const answer = this.#ask(question);
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
