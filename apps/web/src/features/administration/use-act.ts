import type { ErrorCode } from '@meldesync/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { errorCodeOf } from '../../api/api.ts';
import { withReauthentication } from '../account/reauthentication.ts';
import { ADMINISTRATION } from './administration-key.ts';

/** What an administrator does: under way, refused, or neither. */
export interface Act {
  readonly isBusy: boolean;
  /** Why the last one was refused. */
  readonly problem: ErrorCode | null;
  /** Says an act of one's own refused, before it is sent. */
  readonly refuse: (code: ErrorCode) => void;
  readonly clear: () => void;
  /** Does it and resolves with the answer; null when it was refused. What stands on the page is then looked up anew. */
  readonly run: <T>(call: () => Promise<T>) => Promise<{ readonly answer: T } | null>;
}

/** Does what an administrator does, asks for their password where the service wants it once more, and remembers why it was refused. */
export function useAct(): Act {
  const queryClient = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorCode | null>(null);
  return {
    isBusy,
    problem,
    refuse: setProblem,
    clear: () => setProblem(null),
    run: async (call) => {
      setBusy(true);
      setProblem(null);
      try {
        const answer = await withReauthentication(call);
        await queryClient.invalidateQueries({ queryKey: ADMINISTRATION });
        return { answer };
      } catch (error) {
        // Somebody else may have been first: what is on the page must be what is.
        await queryClient.invalidateQueries({ queryKey: ADMINISTRATION });
        setProblem(errorCodeOf(error));
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
