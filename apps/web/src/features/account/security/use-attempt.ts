import { describeError, type ErrorCode } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale } from 'use-intl';
import { errorCodeOf } from '../../../api/api.ts';

interface Attempt {
  readonly isBusy: boolean;
  /** Why the last one failed; null when it did not. */
  readonly problem: ErrorCode | null;
  /** The same as a sentence. */
  readonly sentence: string | null;
  /** Runs it; whether it succeeded. */
  run(work: () => Promise<void>): Promise<boolean>;
  forget(): void;
}

/** Something that a form sends and that may be refused. */
export function useAttempt(): Attempt {
  const locale = useLocale();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorCode | null>(null);
  return {
    isBusy,
    problem,
    sentence: problem && describeError(problem, locale),
    run: async (work) => {
      setIsBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(errorCodeOf(error));
        return false;
      } finally {
        setIsBusy(false);
      }
    },
    forget: () => setProblem(null),
  };
}
