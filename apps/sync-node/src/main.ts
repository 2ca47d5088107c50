import { runProcess } from '@meldesync/lifecycle';
import { createProcessLogger } from '@meldesync/telemetry';
import { readConfig, startSyncNode } from './app.ts';

await runProcess(readConfig, startSyncNode, createProcessLogger);
