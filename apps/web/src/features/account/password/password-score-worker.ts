// A thread of the page: the dictionaries take half a second to begin, and some passwords as long.
import { passwordScore } from '@meldesync/domain/password-score';
import type { ScoreQuestion } from './password-score.ts';

addEventListener('message', ({ data }: MessageEvent<ScoreQuestion>) => {
  const { password, words } = data;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's own has none
  postMessage({ password, score: passwordScore(password, words) });
});
