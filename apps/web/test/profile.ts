import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testEnvironment } from '@meldesync/testkit';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { ARGUMENTS } from './browser.ts';

/** A Chromium with a profile folder of its own, which outlives it: started anew, it is as its people left it. */
export interface Profile extends AsyncDisposable {
  /** Starts it, or starts it anew once it was closed. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Kills it as it is, as a power cut would. */
  kill(): Promise<void>;
  /** Which of these texts stand in any of its files, with the file. */
  find(needles: Readonly<Record<string, string | Buffer>>): Promise<string[]>;
}

export async function makeProfile(): Promise<Profile> {
  const { CHROMIUM_PATH } = testEnvironment();
  if (!CHROMIUM_PATH) throw new Error('no Chromium: set CHROMIUM_PATH, or run npm test, which finds or installs it');
  const folder = await mkdtemp(join(tmpdir(), 'meldesync-profile-'));
  let context: BrowserContext | null = null;
  const close = async (): Promise<void> => {
    await context?.close();
    context = null;
  };
  return {
    async open(options = {}) {
      await close();
      context = await chromium.launchPersistentContext(folder, {
        executablePath: CHROMIUM_PATH,
        args: ARGUMENTS,
        env: { ...process.env, HOME: folder },
        viewport: { width: 1440, height: 900 },
        locale: 'de-DE',
        reducedMotion: 'reduce',
        serviceWorkers: 'allow',
        ...options,
      });
      return context;
    },
    async kill() {
      if (!context) return;
      const session = await context.browser()?.newBrowserCDPSession();
      // It ends before it could answer.
      await Promise.race([
        session?.send('Browser.crash').catch(() => undefined),
        new Promise((resolve) => context?.once('close', resolve)),
      ]);
      await close().catch(() => undefined);
    },
    async find(needles) {
      const found: string[] = [];
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const content = await readFile(path).catch(() => Buffer.alloc(0));
        for (const [name, needle] of Object.entries(needles)) {
          const forms = typeof needle === 'string' ? [Buffer.from(needle), Buffer.from(needle, 'utf16le')] : [needle];
          if (forms.some((form) => content.includes(form))) found.push(`${name} in ${path.slice(folder.length + 1)}`);
        }
      }
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
