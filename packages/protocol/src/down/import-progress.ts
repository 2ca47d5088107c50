import { z } from 'zod';
import { importSummary } from '../http/import.ts';

/** Where an import of the workspace stands. Sent at most four times a second for each, and once when it ends. */
export const importProgress = z.object({ type: z.literal('import'), import: importSummary });
export type ImportProgress = z.infer<typeof importProgress>;
