import { runProcess } from '@meldesync/lifecycle';
import { createProcessLogger } from '@meldesync/telemetry';
import { readConfig, startWorker } from './app.ts';

await runProcess(readConfig, startWorker, createProcessLogger);
