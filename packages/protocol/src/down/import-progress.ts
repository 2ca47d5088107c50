import { z } from 'zod';
import { type ImportSummary, receivedImportSummary } from '../http/import.ts';

/** Where an import of the workspace stands. Sent at most four times a second for each, and once when it ends. */
export const importProgress = z.object({ type: z.literal('import'), import: receivedImportSummary });
export type ImportProgress = { readonly type: 'import'; readonly import: ImportSummary };
