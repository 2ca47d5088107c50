import { useEffect, useState } from 'react';

/**
 * Keeps the keys that apply something (Enter, space) from a dialog that opened by itself until someone has turned to it: with
 * the tab or an arrow key, or with a press in it. Such a key was on its way to what they did before. Returns whether one came,
 * so that the dialog can say why nothing happens. `isMeant`: it did not open by itself.
 */
export function useUnmeantKeys(isMeant: boolean): boolean {
  const [hasTurned, setTurned] = useState(false);
  const [hasRefused, setRefused] = useState(false);
  const isWatching = !isMeant && !hasTurned;
  useEffect(() => {
    if (!isWatching) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Tab' || event.key.startsWith('Arrow')) setTurned(true);
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      setRefused(true);
    };
    // Some browsers press a button when the space key comes up.
    const onKeyUp = (event: KeyboardEvent): void => {
      if (event.key === ' ') event.preventDefault();
    };
    const onPress = ({ target }: PointerEvent): void => {
      if (target instanceof Element && target.closest('[role="dialog"]')) setTurned(true);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    window.addEventListener('keyup', onKeyUp, { capture: true });
    window.addEventListener('pointerdown', onPress, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      window.removeEventListener('keyup', onKeyUp, { capture: true });
      window.removeEventListener('pointerdown', onPress, { capture: true });
    };
  }, [isWatching]);
  return isWatching && hasRefused;
}
