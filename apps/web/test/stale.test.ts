import { expect, it } from 'vitest';
import { findBarriers } from './axe.ts';
import { signIn } from './browser.ts';
import { cellOf, doneBox, writeNote } from './case-list.ts';
import { openDesk } from './desk.ts';

const { cluster, browser, anna, ben, cases } = await openDesk({ nodes: 1, logLevel: 'silent' });

it('P49 R4.3 says that changes of others do not arrive, and how old the list is; saves, refreshes by hand, and is live again by itself', async () => {
  await cases.add('F-1', 'F-2');
  const context = await browser.context();
  const page = await context.newPage();
  await signIn(page, cluster.url(), anna);
  const pill = (text: RegExp) => page.getByRole('banner').getByRole('button', { name: text });
  const banner = page.getByRole('region', { name: 'Hinweis zur Verbindung' });
  const noteOf = (caseId: string) => cellOf(page, caseId, 'note');
  await pill(/live/).waitFor();
  await doneBox(page, 'F-2').waitFor();

  await cluster.redis.kill();
  await pill(/manuell/).waitFor();
  // Nothing is said of edits but that one may go on: whether they can be saved is not known.
  expect(await banner.getByText(/^Änderungen/).innerText()).toMatch(
    /^Änderungen anderer kommen gerade nicht an; was Sie sehen, kann alt sein\. Stand \d\d:\d\d\. Sie können weiterarbeiten\.$/,
  );
  // The same is read out: there is a connection, and nothing says that there is none.
  await page
    .getByRole('banner')
    .getByRole('status')
    .getByText(/^Änderungen anderer kommen gerade nicht an\./)
    .waitFor();
  // It is connected: there is nothing to try again.
  expect(await banner.getByRole('button').allInnerTexts()).toEqual(['Jetzt aktualisieren']);
  await pill(/manuell/).click();
  const details = page.getByRole('dialog', { name: 'Verbindung' });
  expect(await details.innerText()).toMatch(/Knoten/);
  expect(await details.innerText()).not.toMatch(/Versuch|Jetzt verbinden/);
  await page.keyboard.press('Escape');
  expect(await findBarriers(page)).toEqual([]);

  await cases.editAs(ben, 'F-2', { note: 'von Ben' });
  await banner.getByRole('button', { name: 'Jetzt aktualisieren' }).click();
  await noteOf('F-2').getByText('von Ben').waitFor();
  await writeNote(page, 'F-1', 'von Anna');
  await noteOf('F-1').getByText('von Anna').waitFor();

  await cluster.redis.start();
  await pill(/live/).waitFor();
  await cases.editAs(ben, 'F-2', { note: 'wieder live' });
  await noteOf('F-2').getByText('wieder live').waitFor();
  await context.close();
});
