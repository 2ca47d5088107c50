import { type Verdict, verifyTrail } from '@meldesync/audit';
import { connectDatabase, readTrail } from '@meldesync/db';
import type { TestDatabase } from './test-database.ts';

/** Looks through the whole trail of a database, as `meldesync audit verify` does. */
export async function verifyTrailOf({ urlAs }: TestDatabase): Promise<Verdict> {
  await using database = connectDatabase({
    url: urlAs('auditor'),
    maxConnections: 1,
    applicationName: 'test-verify',
    onConnectionError: () => undefined,
  });
  return readTrail(database, (trail) => verifyTrail({ trail }));
}
