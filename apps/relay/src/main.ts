import { runProcess } from '@meldesync/lifecycle';
import { readConfig, startRelay } from './app.ts';

await runProcess(readConfig, startRelay);
