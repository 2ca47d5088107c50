import { type DOMAttributes, useEffect, useEffectEvent, useRef } from 'react';

/**
 * For controls that go by themselves, as those of something that has ended: when one of them has the focus then, or a dialog
 * that one of them opened (`isAsking`), `heir` takes it, so that the next key begins where the person was. Give what it
 * returns to the element around them.
 */
export function useFocusHeir(
  heir: () => HTMLElement | null,
  isAsking: boolean,
): Pick<DOMAttributes<Element>, 'onFocus' | 'onBlur'> {
  const hasFocus = useRef(false);
  const passOn = useEffectEvent(() => {
    if ((hasFocus.current || isAsking) && document.activeElement === document.body)
      heir()?.focus({ preventScroll: true });
  });
  useEffect(() => () => passOn(), []);
  return {
    onFocus: () => {
      hasFocus.current = true;
    },
    // None comes from what is taken out of the page.
    onBlur: () => {
      hasFocus.current = false;
    },
  };
}
