import { writeFileSync } from 'node:fs';
import { connectDatabase, ensureWorkspace } from '@meldesync/db';
import { sharedPassword } from '@meldesync/testkit';
import { addPeople } from './systems/add-people.ts';
import { addRecords } from './systems/add-records.ts';

/**
 * Adds a workspace with people and records for a load test to a MeldeSync, and writes a file of the people, as `k6/README.md` describes
 * it. Started by `npm run load` with the database and the secret in the environment.
 */
const [file, people, records] = process.argv.slice(2);
const { OWNER_URL: ownerUrl, AUTH_SECRET: authSecret } = process.env;
if (file === undefined || ownerUrl === undefined || authSecret === undefined)
  throw new Error('started by npm run load alone');

// Earlier runs left theirs.
const run = Date.now().toString(36);
await using database = connectDatabase({
  url: ownerUrl,
  maxConnections: 1,
  applicationName: 'meldesync-load',
  onConnectionError: (error) => {
    throw error;
  },
});
const workspace = await ensureWorkspace(database.drizzle, `Load ${run}`);
await addRecords(ownerUrl, workspace, Number(records));
const { password, hash } = await sharedPassword();
const added = await addPeople({
  ownerUrl,
  authSecret,
  workspace,
  count: Number(people),
  prefix: `load-${run}`,
  passwordHash: hash,
});
const entries = added.map(({ id, email, token }) => ({ id, email, password, token }));
writeFileSync(file, JSON.stringify({ workspace, people: entries }), { mode: 0o600 });
