import { clientsClaim } from 'workbox-core';
import { addRoute, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { NetworkOnly } from 'workbox-strategies';

/** What this file uses of its global object; the browser's library knows pages only. */
declare const self: { readonly location: Location; skipWaiting(): Promise<void> };

/** A file of the web app; its name says what is in it where there is no revision. */
interface AppFile {
  readonly url: string;
  readonly revision: string | null;
}

/** Every file of the web app, put in when it is built (see `vite.config.ts`). */
declare const APP_FILES: AppFile[];
const files = APP_FILES;

/** So long a page waits for the service before it is taken from here. */
const PATIENCE_SECONDS = 3;
/** Not of the web app. */
const SERVICE = /^\/(api|sync|healthz|readyz)(\/|$)/;

/** Takes the answer of a proxy whose service is away for what it is. */
const outageIsAnError = {
  fetchDidSucceed: ({ response }: { response: Response }): Promise<Response> =>
    response.status >= 500 ? Promise.reject(new Error(`status ${response.status}`)) : Promise.resolve(response),
};

/** The newest version as long as the service is there, so that a new one is seen at once; otherwise what is kept here. */
const freshOr = (kept: string): NetworkOnly =>
  new NetworkOnly({
    networkTimeoutSeconds: PATIENCE_SECONDS,
    plugins: [outageIsAnError, { handlerDidError: () => matchPrecache(kept) }],
  });

// The web app opens without the service (R4.3, R4.4). Nothing of the service's data is ever kept here.
precache(files);
for (const { url, revision } of files) {
  if (revision !== null)
    registerRoute(({ url: asked, sameOrigin }) => sameOrigin && asked.pathname === url, freshOr(url));
}
registerRoute(
  ({ url, request, sameOrigin }) => sameOrigin && request.mode === 'navigate' && !SERVICE.test(url.pathname),
  freshOr('/index.html'),
);
// Files whose names say what is in them never change.
addRoute({ directoryIndex: '', cleanURLs: false });
cleanupOutdatedCaches();
void self.skipWaiting();
clientsClaim();
