// The thread of `password-strength.ts`. JavaScript, because a thread does not take over what loads TypeScript.

import { parentPort } from 'node:worker_threads';
import { passwordScore } from '@meldesync/domain/password-score';

parentPort?.on('message', (/** @type {{ password: string, words: string[] }} */ { password, words }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  parentPort?.postMessage(passwordScore(password, words));
});
