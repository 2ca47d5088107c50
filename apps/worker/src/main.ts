import { runProcess } from '@meldesync/lifecycle';
import { readConfig, startWorker } from './app.ts';

await runProcess(readConfig, startWorker);
