import type { Page, WebSocketRoute } from 'playwright-core';

/** The line between a page and its node, which a test can cut, mend, and hold messages back on. */
export class Line {
  #isCut = false;
  readonly #open = new Set<WebSocketRoute>();
  #heldType: string | null = null;
  #held: (() => void)[] = [];

  /** Watches the connections of pages that are loaded from now on. */
  async watch(page: Page): Promise<void> {
    await page.routeWebSocket('**/sync', async (route) => {
      if (this.#isCut) {
        await route.close({ code: 1011 });
        return;
      }
      const server = route.connectToServer();
      server.onMessage((message) => {
        const deliver = (): void => route.send(message);
        if (this.#heldType !== null && String(message).startsWith(`{"type":"${this.#heldType}`)) {
          this.#held.push(deliver);
        } else deliver();
      });
      this.#open.add(route);
    });
  }

  async cut(): Promise<void> {
    this.#isCut = true;
    for (const route of this.#open) await route.close({ code: 1011 });
    this.#open.clear();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Keeps messages from the page whose type begins so, until `deliver`. */
  hold(type: string): void {
    this.#heldType = type;
  }

  deliver(): void {
    this.#heldType = null;
    for (const deliver of this.#held) deliver();
    this.#held = [];
  }
}
