import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResourceStack } from '@meldesync/lifecycle';
import { type Cluster, startCluster, type TestPerson, testEnvironment } from '@meldesync/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { addDemoCases } from './demo-cases.ts';

/** How large the window is that people are shown. */
const WINDOW = { width: 1440, height: 860 } as const;
/** Sharp also where a picture is shown at its full size. */
const SCALE = 1.25;

/** The real product with the people of the demo and cases of its own, and a browser to look at it with. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  /** Who is shown at work. */
  readonly me: TestPerson;
  readonly colleague: TestPerson;
  readonly admin: TestPerson;
  /** A window nobody is signed in in. */
  window(): Promise<Page>;
  /** A person's window with the list of cases, live. */
  open(person: TestPerson): Promise<Page>;
  /** A picture as WebP. */
  compress(png: Buffer): Promise<Buffer>;
}

export async function setStage(): Promise<Stage> {
  await using stack = new ResourceStack();
  const cluster = stack.use(await startCluster({ web: true, nodes: 1 }));
  await cluster.sql(`update workspaces set name = 'Humangenetik' where id = $1`, [cluster.workspace]);
  const person = (name: string, role: 'editor' | 'admin') =>
    cluster.addPerson(name, { workspace: cluster.workspace, role });
  const me = await person('Demo Bearbeitung 1', 'editor');
  const colleague = await person('Demo Bearbeitung 2', 'editor');
  const admin = await person('Demo Administration', 'admin');
  await addDemoCases(cluster, me);

  const profile = await mkdtemp(join(tmpdir(), 'meldesync-pictures-'));
  stack.defer(() => rm(profile, { recursive: true, force: true }));
  const browser = await launch(profile);
  stack.defer(() => browser.close());
  const window = async () => {
    const context = await browser.newContext({
      viewport: WINDOW,
      deviceScaleFactor: SCALE,
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
    });
    return context.newPage();
  };
  const owned = stack.move();
  return {
    cluster,
    me,
    colleague,
    admin,
    window,
    open: async (someone) => {
      const page = await window();
      await page.context().addCookies([{ ...(await cluster.openSession(someone)), url: cluster.url() }]);
      await page.goto(cluster.url());
      await page.getByRole('grid').waitFor();
      await page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
      return page;
    },
    compress: (png) => compress(browser, png),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function launch(profile: string): Promise<Browser> {
  const { CHROMIUM_PATH } = testEnvironment();
  if (!CHROMIUM_PATH) throw new Error('no Chromium: set CHROMIUM_PATH');
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--lang=de-DE'],
    env: { ...process.env, HOME: profile, LANGUAGE: 'de', LANG: 'de_DE.UTF-8' },
  });
}

/** By the browser itself, which can. */
async function compress(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const data = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.85);
  }, png.toString('base64'));
  await page.close();
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64');
}
