import { runProcess } from '@meldesync/lifecycle';
import { readConfig, startSyncNode } from './app.ts';

await runProcess(readConfig, startSyncNode);
