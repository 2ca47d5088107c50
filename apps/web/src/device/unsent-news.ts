const CHANNEL = 'meldesync-unsent';
/** What several pages write one after the other is looked at once. */
const GATHER_MS = 200;

const listeners = new Set<() => void>();
let channel: BroadcastChannel | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells every page of the browser, this one too, that what waits to be sent has changed; not what. */
export function tellUnsentChanged(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of its origin alone
  opened().postMessage(null);
  heard();
}

/** Calls back a moment after what waits to be sent has changed, on whichever page. */
export function onUnsentChanged(listener: () => void): () => void {
  opened();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function opened(): BroadcastChannel {
  if (!channel) {
    channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener('message', heard);
  }
  return channel;
}

function heard(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    for (const listener of listeners) listener();
  }, GATHER_MS);
}
