import type { Page, WebSocketRoute } from 'playwright-core';

/**
 * The line from the node to a page, which a test can hold up: the page then sees nothing of what others do, and what it
 * sends meets it. Messages of the page go through.
 */
export class HeldLine {
  #isHeld = false;
  readonly #waiting: (() => void)[] = [];

  /** Puts the line in place and loads the page anew, with its list live. */
  async watch(page: Page): Promise<void> {
    await page.routeWebSocket('**/sync', (route) => this.#connect(route));
    await page.reload();
    await page.getByRole('banner').getByRole('button', { name: /live/ }).waitFor();
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const send of this.#waiting.splice(0)) send();
  }

  #connect(route: WebSocketRoute): void {
    const server = route.connectToServer();
    server.onMessage((message) => {
      if (this.#isHeld) this.#waiting.push(() => route.send(message));
      else route.send(message);
    });
  }
}
