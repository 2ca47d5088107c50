import { Popover } from '@mantine/core';
import type { ReactNode } from 'react';
import { MenuAnchor } from './menu-anchor.tsx';
import type { MenuContentProps } from './menu-button.tsx';

interface OpenPopoverProps extends MenuContentProps {
  /** In pixels. */
  readonly width: number;
  readonly className?: string | undefined;
  /** The popover itself takes the focus, for content whose first control is not what one came for. */
  readonly takesFocus?: boolean;
  /** With which edges it stands at the button; its right one when absent. */
  readonly position?: 'bottom-start' | 'bottom-end';
  readonly children: ReactNode;
}

/** The open popover of a menu button, which keeps the focus in it and gives it back. */
export function OpenPopover({
  label,
  onClose,
  width,
  className = '',
  takesFocus = false,
  position = 'bottom-end',
  children,
}: OpenPopoverProps) {
  const focus = takesFocus ? { tabIndex: -1, 'data-autofocus': true } : {};
  return (
    <Popover
      opened
      onChange={onClose}
      withinPortal={false}
      position={position}
      shadow="md"
      width={width}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <MenuAnchor label={label} />
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className={className} {...focus}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
