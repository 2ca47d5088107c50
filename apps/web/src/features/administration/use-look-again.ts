import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ADMINISTRATION } from './administration-key.ts';

const EVERY_MS = 10_000;

/** Looks everything up anew every now and then, where no connection tells that somebody has administered. */
export function useLookAgain(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => void queryClient.invalidateQueries({ queryKey: ADMINISTRATION }), EVERY_MS);
    return () => clearInterval(timer);
  }, [queryClient]);
}
