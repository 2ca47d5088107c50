import { runProcess } from '@meldesync/lifecycle';
import { createProcessLogger } from '@meldesync/telemetry';
import { readConfig, startRelay } from './app.ts';

await runProcess(readConfig, startRelay, createProcessLogger);
