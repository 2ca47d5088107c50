import type { ClientEnvironment } from '@meldesync/client';

/** What a browser says of its network, and of whether someone looks at the page. */
export const browserEnvironment: ClientEnvironment = {
  isOnline: () => navigator.onLine,
  isVisible: () => document.visibilityState === 'visible',
  onChange(listener) {
    const end = new AbortController();
    const { signal } = end;
    for (const type of ['online', 'offline', 'pageshow']) addEventListener(type, listener, { signal });
    for (const type of ['visibilitychange', 'resume']) document.addEventListener(type, listener, { signal });
    return () => end.abort();
  },
};
