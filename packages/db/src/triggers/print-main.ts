import { recordFunctions } from './record-functions.ts';

// To be put behind what drizzle-kit has written, which ends without a break.
const BREAK = '--> statement-breakpoint\n';
process.stdout.write(
  recordFunctions()
    .map((sql) => `${BREAK}${sql}\n`)
    .join(''),
);
