/**
 * Keeps the web app itself in this browser, so that it opens without the service. Browsers have service workers on secure
 * pages only; without them, or where they are forbidden, a page that is open goes on all the same.
 */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/service-worker.js');
  } catch (error) {
    console.warn('The page will not open without the service; it cannot be kept here:', error);
  }
}
