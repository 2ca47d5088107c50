import type { Frame } from '@meldesync/protocol';
import { createFeed, type Feed } from '../src/feed/feed.ts';
import { createRecordStore } from '../src/store/record-store.ts';
import { createReferenceFeed, type ReferenceFeed } from './reference-feed.ts';

const rethrow = (error: Error): void => {
  throw error;
};

/** A feed that begins, of a model of the service. */
export function setUpFeed() {
  const model = createReferenceFeed();
  const store = createRecordStore(rethrow);
  const restores: boolean[] = [];
  const feed = createFeed({
    store,
    runtime: { now: () => 0 },
    isOwn: (operation) => operation === 'mine',
    onSnapshot: (isRestored) => restores.push(isRestored),
  });
  return { model, store, feed, restores };
}

/** Loads everything at once. */
export function takeSnapshot(feed: Feed, model: ReferenceFeed): void {
  const { cursor, records } = model.page(0, 1000);
  const snapshot = feed.openSnapshot();
  snapshot.addPage(records);
  snapshot.finish(cursor);
}

/** What follows on what the feed has; none when that is too old. */
export function framesAfter(feed: Feed, model: ReferenceFeed): readonly Frame[] {
  const frames = feed.cursor === null ? 'unknown' : model.after(feed.cursor);
  return typeof frames === 'string' ? [] : frames;
}
