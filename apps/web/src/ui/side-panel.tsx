import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import classes from './side-panel.module.css';

interface SidePanelProps {
  /** Accessible name of the panel. */
  readonly label: string;
  readonly closeLabel: string;
  readonly title: ReactNode;
  /** Id of what describes the panel to someone whose focus comes to its title. */
  readonly describedBy?: string;
  /** Stands beside the title. */
  readonly tools?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Marks the panel's title, where the focus goes when someone opens it with the keyboard. */
export const PANEL_TITLE_ID = 'side-panel-title';

/** Details beside a list, not over it: the list stays usable. Escape closes it. */
export function SidePanel({ label, closeLabel, title, describedBy, tools, onClose, children }: SidePanelProps) {
  const ref = useRef<HTMLElement>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isInside = event.target instanceof Node && ref.current?.contains(event.target);
      if (event.key === 'Escape' && isInside && !event.defaultPrevented) close();
    };
    // At the window, because fields, menus and lists inside the panel use Escape for themselves: they come first.
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <aside ref={ref} className={classes.panel} aria-label={label}>
      <div className={classes.head}>
        <h2 id={PANEL_TITLE_ID} className={classes.title} aria-describedby={describedBy} tabIndex={-1}>
          {title}
        </h2>
        {tools}
        <CloseButton size="sm" aria-label={closeLabel} onClick={onClose} />
      </div>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}
