import { recordFunctions } from './record-functions.ts';

process.stdout.write(`${recordFunctions().join('\n--> statement-breakpoint\n')}\n`);
