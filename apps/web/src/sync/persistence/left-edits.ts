import { isPageLeft } from '../../api/leave-page.ts';
import { PAGE, whenPageIsGone } from '../../device/page-presence.ts';
import { onUnsentChanged } from '../../device/unsent-news.ts';
import { type ClaimedEdit, claimEditsOf, openClaimed, pagesWithEdits } from './claim-edits.ts';

interface LeftEditsInput {
  /** User id: the edits are sealed to them. */
  readonly user: string;
  /** One a person and workspace. */
  readonly key: string;
  readonly listener: (edits: readonly unknown[]) => void;
}

/**
 * Takes over the edits of other pages of the person as these go away, whether they are closed, crash or are thrown out of memory: it
 * waits for the lock by which each shows that it is there, and that one page gets at a time. What a page that is there has is its
 * own, also while it is frozen.
 */
export function watchLeftEdits({ user, key, listener }: LeftEditsInput): () => void {
  const ending = new AbortController();
  /** Of the pages that are waited for now. */
  let waiting = new AbortController();
  const awaited = new Set<string>();

  const takeOver = async (page: string, { signal }: AbortController): Promise<void> => {
    let claimed: ClaimedEdit[] = [];
    const claim = async (): Promise<void> => {
      if (!isPageLeft()) claimed = await claimEditsOf(key, page);
    };
    await whenPageIsGone(page, signal, claim).finally(() => awaited.delete(page));
    const edits = await openClaimed(user, key, claimed);
    // What was claimed all the same is taken up with the page's next client, or once this page is gone.
    if (edits.length > 0 && !ending.signal.aborted) listener(edits);
  };
  const look = async (): Promise<void> => {
    const pages = await pagesWithEdits(key);
    if (ending.signal.aborted) return;
    for (const page of pages) {
      if (page === PAGE || awaited.has(page)) continue;
      awaited.add(page);
      takeOver(page, waiting).catch(failed);
    }
  };
  const lookAnew = (): void => {
    look().catch(failed);
  };
  /** A page that is frozen must not be given what others wait for too. */
  const pause = (): void => {
    waiting.abort();
    waiting = new AbortController();
    awaited.clear();
  };

  const { signal } = ending;
  for (const type of ['pageshow', 'online']) addEventListener(type, lookAnew, { signal });
  for (const type of ['resume', 'visibilitychange']) document.addEventListener(type, lookAnew, { signal });
  addEventListener('pagehide', pause, { signal });
  document.addEventListener('freeze', pause, { signal });
  const unsubscribe = onUnsentChanged(lookAnew);
  lookAnew();
  return () => {
    unsubscribe();
    ending.abort();
    waiting.abort();
  };
}

function failed(error: unknown): void {
  console.warn('Edits of a page that is gone could not be taken over; the next look tries again', error);
}
