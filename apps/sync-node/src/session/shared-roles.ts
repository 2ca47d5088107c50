import type { SessionAccess } from '@meldesync/db';
import type { SessionData } from './session-data.ts';

type Question = Parameters<SessionData['sessionRoles']>[0][number];

interface Asked {
  readonly question: Question;
  readonly resolve: (access: SessionAccess) => void;
  readonly reject: (error: unknown) => void;
}

/** How many are asked of in one query. */
const MAX_AT_ONCE = 500;

/**
 * Who may be here, for connections that greet at the same time: everybody comes back together when a node is gone. One
 * query at a time is under way, and the next one asks of all who came meanwhile; the windows of one session share an answer,
 * only while it is on its way, and never over a change of access.
 */
export class SharedRoles {
  readonly #ask: SessionData['sessionRoles'];
  /** Answers on their way, by question. */
  #waiting = new Map<string, Promise<SessionAccess>>();
  readonly #queued: Asked[] = [];
  #isAsking = false;

  constructor(ask: SessionData['sessionRoles']) {
    this.#ask = ask;
  }

  find(question: Question): Promise<SessionAccess> {
    const waiting = this.#waiting;
    const key = JSON.stringify([question.workspaceId, question.userId, question.sessionId]);
    const asked = waiting.get(key);
    if (asked) return asked;
    const answer = new Promise<SessionAccess>((resolve, reject) => {
      this.#queued.push({ question, resolve, reject });
    });
    waiting.set(key, answer);
    const forget = () => waiting.delete(key);
    answer.then(forget, forget);
    if (!this.#isAsking) void this.#askQueued();
    return answer;
  }

  /** Access has changed: what is on its way may be of before. */
  forgetAll(): void {
    this.#waiting = new Map();
  }

  /** Never rejects: each question has its own answer. */
  async #askQueued(): Promise<void> {
    this.#isAsking = true;
    while (this.#queued.length > 0) {
      const batch = this.#queued.splice(0, MAX_AT_ONCE);
      try {
        const answers = await this.#ask(batch.map(({ question }) => question));
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] ?? { session: 'ended' });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isAsking = false;
  }
}
