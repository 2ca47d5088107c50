import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What axe found, with the elements it concerns. */
interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[] }[];
}

declare global {
  interface Window {
    axe: { run(context: Document, options: object): Promise<{ violations: Violation[] }> };
  }
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Runs axe-core on the page as it stands once nothing of it comes or goes any more; one line for each finding. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(restOfAnimations);
  // A content security policy forbids scripts of others on the page itself; the browser's own evaluation is not bound by it.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const violations = await page.evaluate(
    async (rules) => (await window.axe.run(document, { runOnly: rules })).violations,
    RULES,
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join()).join('; ')})`,
  );
}

/** Half faded in, a text has not the contrast that it is read with. Resolves when every animation that ends has ended. Runs in the page. */
async function restOfAnimations(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect && effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}
