import { recordTriggerFunctions } from './record-triggers.ts';

process.stdout.write(`${recordTriggerFunctions().join('\n--> statement-breakpoint\n')}\n`);
