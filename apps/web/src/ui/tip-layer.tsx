import { type RefObject, useEffect, useId, useState } from 'react';
import classes from './tip-layer.module.css';

interface Tip {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly isAbove: boolean;
}

/** How long the pointer rests before a tip shows. */
const DELAY_MS = 350;
/** Room a tip needs below its element before it goes above it. */
const ROOM_PX = 80;

/**
 * Shows the `data-tip` of what is pointed at or focused inside `within`. One layer for a whole table, because a tooltip
 * component in each of its cells would make scrolling slow. Escape hides it; it stays while the pointer is on its element.
 */
export function TipLayer({ within }: { within: RefObject<HTMLElement | null> }) {
  const [tip, setTip] = useState<Tip | null>(null);
  const id = useId();

  useEffect(() => {
    const root = within.current;
    if (!root) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let described: Element | null = null;
    let shown: Element | null = null;

    const hide = (): void => {
      clearTimeout(timer);
      described?.removeAttribute('aria-describedby');
      described = null;
      shown = null;
      setTip(null);
    };
    const show = (element: HTMLElement, delayMs: number): void => {
      hide();
      timer = setTimeout(() => {
        const text = element.dataset.tip;
        if (!text || !element.isConnected) return;
        const box = element.getBoundingClientRect();
        const isAbove = innerHeight - box.bottom < ROOM_PX;
        // What has a description of its own says the same there.
        if (!element.hasAttribute('aria-describedby')) {
          element.setAttribute('aria-describedby', id);
          described = element;
        }
        shown = element;
        setTip({ text, left: box.left, top: isAbove ? box.top : box.bottom, isAbove });
      }, delayMs);
    };
    const tipped = (target: EventTarget | null): HTMLElement | null =>
      target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;

    const onPointer = (event: PointerEvent): void => {
      const element = tipped(event.target);
      if (!element) hide();
      else if (element !== shown) show(element, DELAY_MS);
    };
    const onFocus = (event: FocusEvent): void => {
      const target = event.target;
      if (!(target instanceof HTMLElement) || !target.matches(':focus-visible')) return;
      const element = tipped(target) ?? target.querySelector<HTMLElement>('[data-tip-on-focus]');
      if (element) show(element, DELAY_MS);
      else hide();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };

    root.addEventListener('pointerover', onPointer);
    root.addEventListener('pointerleave', hide);
    root.addEventListener('pointerdown', hide);
    root.addEventListener('focusin', onFocus);
    root.addEventListener('focusout', hide);
    root.addEventListener('scroll', hide, { capture: true, passive: true });
    addEventListener('keydown', onKey);
    return () => {
      hide();
      root.removeEventListener('pointerover', onPointer);
      root.removeEventListener('pointerleave', hide);
      root.removeEventListener('pointerdown', hide);
      root.removeEventListener('focusin', onFocus);
      root.removeEventListener('focusout', hide);
      root.removeEventListener('scroll', hide, { capture: true });
      removeEventListener('keydown', onKey);
    };
  }, [id, within]);

  if (!tip) return null;
  return (
    <div id={id} role="tooltip" className={classes.tip} data-above={tip.isAbove || undefined} style={tipPlace(tip)}>
      {tip.text}
    </div>
  );
}

function tipPlace({ left, top }: Tip): { left: number; top: number } {
  return { left: Math.min(left, innerWidth - 300), top };
}
