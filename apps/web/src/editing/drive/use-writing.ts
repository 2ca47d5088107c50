import { useCallback, useLayoutEffect, useRef } from 'react';
import { useDrive } from './drive-context.tsx';

/**
 * Makes letters text for as long as a field is open. Returns what says that the person leaves it; a field that goes without
 * that went away under their hands, and the letters that still come are no commands.
 */
export function useWriting(): () => void {
  const drive = useDrive();
  const isLeft = useRef(false);
  useLayoutEffect(() => {
    isLeft.current = false;
    drive.tell('open');
    return () => drive.tell(isLeft.current ? 'leave' : 'lose');
  }, [drive]);
  return useCallback(() => {
    isLeft.current = true;
  }, []);
}
