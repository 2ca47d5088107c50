import { Button } from '@mantine/core';
import { describeError } from '@meldesync/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf, isSignedOut } from '../api/api.ts';
import { meQuery } from '../api/queries.ts';
import { useRefreshMe } from '../features/administration/use-refresh-me.ts';
import { formatClock } from '../i18n/format.ts';
import { serverNow } from '../time/page-time.ts';
import classes from './try-again.module.css';

/** Whoever was shut out by mistake is soon let in again; later it is looked up rarely. */
const FIRST_MS = 4_000;
const MOST_MS = 30_000;
const GROWTH = 1.5;
/** By this part of it a wait is longer at most: many may have been shut out at once. */
const SPREAD = 0.25;

/**
 * For a page of who has no access: it is left as soon as somebody has let the person in. No connection tells that, so it is looked up
 * every now and then, when the person comes back to the page, and when they press the button, which says what came of it.
 * Stands among other buttons in a row that wraps.
 */
export function TryAgain() {
  const t = useTranslations('shell');
  const locale = useLocale();
  const look = useLook();
  const [isLooking, setLooking] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  useLookEverySoOften(look);
  const tryNow = async (): Promise<void> => {
    setLooking(true);
    try {
      await look();
      setTold(t('noAccessYet', { time: formatClock(serverNow(), locale) }));
    } catch (error) {
      setTold(describeError(errorCodeOf(error), locale));
    } finally {
      setLooking(false);
    }
  };
  return (
    <>
      <Button variant="default" loading={isLooking} onClick={() => void tryNow()}>
        {t('retry')}
      </Button>
      <span role="status" className={classes.told}>
        {told}
      </span>
    </>
  );
}

/** Looks who the person is and where they belong; the page follows. Rejects with `SyncError`. */
function useLook(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  const refreshMe = useRefreshMe();
  return async () => {
    try {
      await refreshMe();
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      // Nobody is signed in any more: the page goes where one signs in.
      queryClient.removeQueries({ queryKey: meQuery.queryKey });
      await router.invalidate();
    }
  };
}

function useLookEverySoOften(look: () => Promise<void>): void {
  const lookNow = useEffectEvent(async (): Promise<void> => {
    // A page that nobody sees asks nothing.
    if (document.visibilityState !== 'visible') return;
    try {
      await look();
    } catch (error) {
      console.warn('Whether there is access by now could not be looked up:', error);
    }
  });
  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let waitMs = FIRST_MS;
    const plan = (): void => {
      clearTimeout(timer);
      if (ended.signal.aborted) return;
      timer = setTimeout(() => void lookNow().then(plan), waitMs * (1 + Math.random() * SPREAD));
      waitMs = Math.min(waitMs * GROWTH, MOST_MS);
    };
    const comeBack = (): void => {
      waitMs = FIRST_MS;
      void lookNow().then(plan);
    };
    document.addEventListener('visibilitychange', comeBack, { signal: ended.signal });
    plan();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, []);
}
