interface Screen {
  readonly document?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    readonly visibilityState: string;
  };
  readonly requestAnimationFrame?: (callback: () => void) => unknown;
}

type Callback = () => void;

/** Who waits for the next frame: many messages may come before it, and they need one frame only. */
let waiting: Callback[] = [];

/**
 * Calls back once what is in the page now is painted; at once where nothing paints, where nobody sees the page, or when it is hidden before
 * that: a hidden page has its next frame when somebody comes back to it, minutes later.
 */
export function afterPaint(callback: Callback): void {
  const { document, requestAnimationFrame } = globalThis as Screen;
  if (!requestAnimationFrame || document?.visibilityState !== 'visible') {
    callback();
    return;
  }
  waiting.push(callback);
  if (waiting.length > 1) return;
  const callbacks = waiting;
  /** From here on others need another frame. */
  const close = (): void => {
    if (waiting === callbacks) waiting = [];
  };
  const finish = (): void => {
    close();
    document.removeEventListener('visibilitychange', finish);
    for (const waited of callbacks.splice(0)) waited();
  };
  document.addEventListener('visibilitychange', finish);
  // A frame's callbacks run before it is painted, a message that is sent from one arrives after that.
  requestAnimationFrame(() => {
    close();
    if (callbacks.length === 0) return;
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      finish();
    });
    port1.start();
    port2.postMessage(null);
  });
}
