import { type ComponentType, type ReactNode, useRef, useState } from 'react';
import classes from './menu-button.module.css';
import { WhenLoaded } from './when-loaded.tsx';

/** What opens below the button; `label` is its accessible name. */
export interface MenuContentProps {
  readonly label: string;
  readonly onClose: () => void;
}

interface MenuButtonProps {
  readonly className: string | undefined;
  readonly kind: 'menu' | 'dialog';
  readonly label: string;
  /** A lazy component: its code comes when the menu is first opened, not with the page. */
  readonly content: ComponentType<MenuContentProps>;
  /** Loads the code, ahead when the pointer or the focus says that it may be wanted. */
  readonly preload: () => Promise<unknown>;
  /** For a `TipLayer` around it. */
  readonly tip?: string;
  readonly children: ReactNode;
}

/** A button that opens a menu or a small dialog below it. The content places itself with `MenuAnchor`. */
export function MenuButton({ className, kind, label, content: Content, preload, tip, children }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const wrapRef = useRef<HTMLSpanElement>(null);
  const buttonRef = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    // The focus must not vanish with the menu; where it has gone elsewhere, it stays there.
    if (wrapRef.current?.contains(document.activeElement)) buttonRef.current?.focus();
    setOpen(false);
  };
  const loadAhead = (): void => {
    preload().catch((error: unknown) => console.warn('The menu is loaded when it is opened:', error));
  };
  return (
    <span ref={wrapRef} className={classes.wrap}>
      <button
        ref={buttonRef}
        type="button"
        className={className}
        data-tip={tip}
        aria-haspopup={kind}
        aria-expanded={isOpen}
        onPointerEnter={loadAhead}
        onFocus={loadAhead}
        // Else the press would close the menu as one beside it, and the click open it again.
        onMouseDown={(event) => isOpen && event.stopPropagation()}
        onTouchStart={(event) => isOpen && event.stopPropagation()}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen ? (
        <WhenLoaded load={preload} onFailed={close}>
          <Content label={label} onClose={close} />
        </WhenLoaded>
      ) : null}
    </span>
  );
}
