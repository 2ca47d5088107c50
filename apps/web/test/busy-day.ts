import { type Cluster, callHttp, eventually, sampleCsv, type TestPerson, workspacePath } from '@meldesync/testkit';
import { signIn } from './browser.ts';
import { cellOf } from './case-list.ts';
import type { Desk } from './desk.ts';

/** A day on which all sorts of things happened, so that each kind of entry is there to be looked at. `ada` administers everything. */
export async function liveThroughDay(desk: Desk, ada: TestPerson): Promise<void> {
  const { cluster, anna, ben, cases } = desk;
  await cases.add('F-1', 'F-2', 'F-3', 'F-4');
  await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [ada.id]);
  await refuseSignIn(cluster, anna);
  const content = new Blob([`${sampleCsv(12, 500)}${'ab'.repeat(32)},IBE+kaputt\n`]);
  await cluster.api(ben).uploadImports(cluster.workspace, [{ name: 'juli.csv', content }]);
  await eventually(async () =>
    expectSome(await cluster.sql(`select from events where kind in ('import-finished', 'import-ended')`)),
  );
  await cases.editAs(anna, 'F-1', { note: 'Rückfrage bei der Ärztin am Montag, Befund fehlt noch' });
  await cases.editAs(ben, 'F-1', { note: 'Rückfrage bei der Ärztin am Dienstag, Befund liegt vor' });
  await cases.editAs(ben, 'F-2', { done: true });
  await cases.editAs(anna, 'F-2', { assignee: ben.id });
  await disagree(cluster, anna, 'kept-theirs');
  await disagree(cluster, anna, null);
  await takeLockAway(desk, ada);
  const members = await cluster.administration(ada).administeredMembers(cluster.workspace);
  const version = members.find(({ id }) => id === ben.id)?.version ?? 1;
  const changed = await cluster
    .administration(ada)
    .changeMember(cluster.workspace, ben.id, version, { role: 'viewer' });
  await cluster.administration(ada).changeMember(cluster.workspace, ben.id, changed.version, { role: 'editor' });
  const wanted = { filter: { case: 'F-1' }, format: 'csv' };
  await callHttp(cluster, workspacePath(cluster, '/audit/export'), { as: ada, method: 'POST', json: wanted });
  await cases.editAs(anna, 'F-4', { note: 'wird bald gelöscht' });
  await cluster.administration(ada).eraseCase(cluster.workspace, { caseId: 'F-4', reason: 'Antrag vom 3. Mai' });
}

async function refuseSignIn(cluster: Cluster, { email }: TestPerson): Promise<void> {
  for (const address of [email, 'niemand@klinik.example'])
    await fetch(`${cluster.url()}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: cluster.url() },
      body: JSON.stringify({ email: address, password: 'daneben' }),
    });
}

/** An edit of the past, which is a conflict, and how it ends. */
async function disagree(cluster: Cluster, person: TestPerson, resolution: 'kept-theirs' | null): Promise<void> {
  const [record] = await cluster.sql(`select id from records where case_id = 'F-1' order by id`);
  const edit = {
    record: Number(record?.['id']),
    baseVersion: 1,
    set: { note: `aus der Vergangenheit${resolution === null ? ', offen' : ''}` },
  };
  await cluster.api(person).edit(cluster.workspace, { operation: `past-${resolution}`, items: [edit] });
  if (resolution === null) return;
  const { conflicts } = await cluster.api(person).conflicts(cluster.workspace, { state: 'open' });
  await cluster.api(person).resolveConflict(cluster.workspace, conflicts[0]?.conflict ?? '', { resolution });
}

/** Anna writes a note; Ada takes her lock away. */
async function takeLockAway({ cluster, browser, anna }: Desk, ada: TestPerson): Promise<void> {
  const page = await (await browser.context()).newPage();
  await signIn(page, cluster.url(), anna);
  await cellOf(page, 'F-3', 'note').dblclick();
  await page.getByRole('textbox', { name: /^Notiz bearbeiten/ }).fill('von Anna');
  const held = () => cluster.api(ada).locks(cluster.workspace);
  await eventually(async () => expectSome(await held()));
  const [lock] = await held();
  await cluster.api(ada).endLock(cluster.workspace, lock?.lock ?? '');
  await page.keyboard.press('Enter');
  await eventually(async () => expectSome(await cluster.sql(`select from records where note = 'von Anna'`)));
  await page.context().close();
}

function expectSome(rows: readonly unknown[]): void {
  if (rows.length === 0) throw new Error('not there yet');
}
