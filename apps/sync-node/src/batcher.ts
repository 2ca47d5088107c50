/** Asks a question on behalf of somebody. */
export interface Batcher<Question, Answer> {
  /** The answer to this question; rejects when the query that asked it failed. */
  ask(question: Question): Promise<Answer>;
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
 * at once. `query` answers each of its questions, in their order.
 */
export function createBatcher<Question, Answer>(
  query: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): Batcher<Question, Answer> {
  const queued: Asked<Question, Answer>[] = [];
  let isAsking = false;

  /** Never rejects: each question has its own answer. */
  const askQueued = async (): Promise<void> => {
    isAsking = true;
    while (queued.length > 0) {
      const batch = queued.splice(0, MAX_AT_ONCE);
      try {
        const answers = await query(batch.map(({ question }) => question));
        if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} questions`);
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
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
