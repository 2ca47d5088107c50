import { recordTriggerFunctions } from './record-triggers.ts';

// To be put behind what drizzle-kit has written, which ends without a break.
const BREAK = '--> statement-breakpoint\n';
process.stdout.write(
  recordTriggerFunctions()
    .map((sql) => `${BREAK}${sql}\n`)
    .join(''),
);
