import type { Page, WebSocketRoute } from 'playwright-core';

/** The line between a page and its node, which a test can cut, mend, and hold messages to the page back on. */
export class Line {
  #isCut = false;
  readonly #open = new Set<WebSocketRoute>();
  #heldTypes: string | null = null;
  readonly #held: (() => void)[] = [];

  /** Puts the line in place on a page that is open, which is loaded anew for it. */
  async watch(page: Page): Promise<void> {
    await this.join(page);
    await page.reload();
    await this.standsOn(page);
  }

  /** Puts the line in place for what the page opens from now on. */
  async join(page: Page): Promise<void> {
    await page.routeWebSocket('**/sync', (route) => this.#connect(route));
  }

  /** Resolves once the page is live. */
  async standsOn(page: Page): Promise<void> {
    await page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
  }

  async cut(): Promise<void> {
    this.#isCut = true;
    for (const route of this.#open) await route.close({ code: 1011 });
    this.#open.clear();
  }

  mend(): void {
    this.#isCut = false;
  }

  /**
   * Keeps messages from the page until `release`: those whose type begins with `types`, or all. What the page sends goes
   * through, so it can act on what it does not see any more.
   */
  hold(types = ''): void {
    this.#heldTypes = types;
  }

  release(): void {
    this.#heldTypes = null;
    for (const send of this.#held.splice(0)) send();
  }

  async #connect(route: WebSocketRoute): Promise<void> {
    if (this.#isCut) {
      await route.close({ code: 1011 });
      return;
    }
    route.connectToServer().onMessage((message) => {
      const send = (): void => route.send(message);
      if (this.#heldTypes !== null && String(message).startsWith(`{"type":"${this.#heldTypes}`)) this.#held.push(send);
      else send();
    });
    this.#open.add(route);
  }
}
