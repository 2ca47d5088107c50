import { workerData } from 'node:worker_threads';
import { LoadThread } from './load-thread.ts';
import type { ThreadOptions } from './messages.ts';

new LoadThread(workerData as ThreadOptions).listen();
