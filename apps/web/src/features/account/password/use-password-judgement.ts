import { judgePassword, LEAST_PASSWORD_SCORE, type PasswordOwner, wordsOfOwner } from '@meldesync/domain';
import type { ErrorCode } from '@meldesync/protocol';
import { useEffect, useRef, useState } from 'react';
import { PasswordScores, type ScoreAnswer } from './password-score.ts';

/** What is known of a password that is being typed. */
export interface PasswordJudgement {
  /** Why the service would refuse it; undefined while nothing is wrong with it as far as is known. */
  readonly problem: ErrorCode | undefined;
  /** How hard it is to guess, 0 to 4; null while that is not known. */
  readonly score: number | null;
}

/** Judges a new password as the service does. How hard it is to guess takes a moment longer. */
export function usePasswordJudgement(password: string, owner: PasswordOwner): PasswordJudgement {
  const scores = useRef<PasswordScores | null>(null);
  const [answer, setAnswer] = useState<ScoreAnswer | null>(null);
  useEffect(
    () => () => {
      scores.current?.end();
      scores.current = null;
    },
    [],
  );
  const words = JSON.stringify(wordsOfOwner(owner));
  useEffect(() => {
    if (password === '') return;
    scores.current ??= new PasswordScores(setAnswer);
    scores.current.ask({ password, words: JSON.parse(words) as string[] });
  }, [password, words]);
  const score = answer !== null && answer.password === password ? answer.score : null;
  const problem = password === '' ? undefined : judgePassword(password, owner);
  return {
    score,
    problem: problem ?? (score !== null && score < LEAST_PASSWORD_SCORE ? 'password-too-common' : undefined),
  };
}
