import type { NotificationData } from '@mantine/notifications';
import { lazy, Suspense, useSyncExternalStore } from 'react';

const load = () => import('@mantine/notifications');
const Notifications = lazy(async () => ({ default: (await load()).Notifications }));

let isWanted = false;
const listeners = new Set<() => void>();

/** Shows a message in the corner. The code for it comes with the first one. */
export function showMessage(message: NotificationData): void {
  isWanted = true;
  for (const listener of listeners) listener();
  void show(message);
}

async function show(message: NotificationData): Promise<void> {
  (await load()).notifications.show(message);
}

const latest = new Map<string, string>();
let shownCount = 0;

/** Shows a message in place of the last one of its kind: only the latest of them says something. */
export function showLatest(kind: string, message: Omit<NotificationData, 'id'>): void {
  const before = latest.get(kind);
  if (before !== undefined) hideMessage(before);
  const id = `${kind}-${++shownCount}`;
  latest.set(kind, id);
  showMessage({ ...message, id });
}

/** Takes a message away before its time; nothing happens when it is gone already. */
export function hideMessage(id: string): void {
  void hide(id);
}

async function hide(id: string): Promise<void> {
  (await load()).notifications.hide(id);
}

/** Where messages appear; never more than two at once. */
export function Messages() {
  const isShown = useSyncExternalStore(subscribe, () => isWanted);
  return isShown ? (
    <Suspense>
      <Notifications limit={2} position="bottom-right" autoClose={6000} />
    </Suspense>
  ) : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
