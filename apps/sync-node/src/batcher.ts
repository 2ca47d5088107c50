/** Asks a question on behalf of somebody. */
export interface Batcher<Question, Answer> {
  /** The answer to this question; rejects when it cannot be asked, alone if need be. */
  ask(question: Question): Promise<Answer>;
}

interface BatcherOptions<Question, Answer> {
  /** Answers each of its questions, in their order. */
  readonly query: (questions: readonly Question[]) => Promise<readonly Answer[]>;
  /** Whether an error is the database's and says nothing about what was asked: asking in smaller parts would only fail again. */
  readonly isTrouble: (error: unknown) => boolean;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** How many questions go into one query. */
const MAX_AT_ONCE = 500;

/**
 * Asks many questions of a database in few queries, as when everybody comes back together because a node is gone (R4.2): one
 * query at a time is under way, the next one asks everything that came meanwhile, and a question that comes alone is asked
 * at once. A query that fails over one of its questions is asked again in halves, so that only that one goes without an answer.
 */
export function createBatcher<Question, Answer>(options: BatcherOptions<Question, Answer>): Batcher<Question, Answer> {
  const { query, isTrouble } = options;
  const queued: Asked<Question, Answer>[] = [];
  let isAsking = false;

  /** Never rejects: each question has its own answer. */
  const askTogether = async (batch: readonly Asked<Question, Answer>[]): Promise<void> => {
    try {
      const answers = await query(batch.map(({ question }) => question));
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} questions`);
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (batch.length === 1 || isTrouble(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await askTogether(batch.slice(0, middle));
      await askTogether(batch.slice(middle));
    }
  };

  const askQueued = async (): Promise<void> => {
    isAsking = true;
    while (queued.length > 0) await askTogether(queued.splice(0, MAX_AT_ONCE));
    isAsking = false;
  };

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        queued.push({ question, resolve, reject });
        if (!isAsking) void askQueued();
      }),
  };
}
