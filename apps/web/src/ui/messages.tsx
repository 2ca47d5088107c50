import type * as Notifications from '@mantine/notifications';
import { useSyncExternalStore } from 'react';
import { SHOWN_MESSAGES, withMessage } from './message-order.ts';

type Library = typeof Notifications;
type NotificationData = Notifications.NotificationData;

let library: Library | null = null;
const listeners = new Set<() => void>();
/** What is to be done once the library is there. */
const waiting: ((loaded: Library) => void)[] = [];
let shownCount = 0;

/** Shows a message in the corner, at once and whatever stands there. The code for it comes with the first one. */
export function showMessage(message: NotificationData): void {
  const added = { ...message, id: message.id ?? `message-${++shownCount}` };
  withLibrary(({ notifications, notificationsStore }) =>
    notifications.updateState(notificationsStore, (messages) => withMessage(messages, added)),
  );
}

const latest = new Map<string, string>();

/** Shows a message in place of the last one of its kind: only the latest of them says something. */
export function showLatest(kind: string, message: Omit<NotificationData, 'id'>): void {
  const before = latest.get(kind);
  if (before !== undefined) hideMessage(before);
  const id = `${kind}-${++shownCount}`;
  latest.set(kind, id);
  showMessage({ ...message, id });
}

/** Takes the last message of its kind away: it is no longer so. */
export function hideLatest(kind: string): void {
  const id = latest.get(kind);
  latest.delete(kind);
  if (id !== undefined) hideMessage(id);
}

/** Takes a message away before its time; nothing happens when it is gone already. */
export function hideMessage(id: string): void {
  withLibrary(({ notifications }) => notifications.hide(id));
}

/** Where messages appear; never more than two at once. */
export function Messages() {
  const loaded = useSyncExternalStore(subscribe, () => library);
  return loaded ? <loaded.Notifications limit={SHOWN_MESSAGES} position="bottom-right" autoClose={6000} /> : null;
}

function withLibrary(act: (loaded: Library) => void): void {
  waiting.push(act);
  void load();
}

async function load(): Promise<void> {
  try {
    library ??= await import('@mantine/notifications');
  } catch (error) {
    // They wait for the next one, or for the network.
    console.warn('Messages cannot be shown yet:', error);
    addEventListener('online', () => void load(), { once: true });
    return;
  }
  for (const listener of listeners) listener();
  for (const act of waiting.splice(0)) act(library);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
