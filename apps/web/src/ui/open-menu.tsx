import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { MenuAnchor } from './menu-anchor.tsx';
import type { MenuContentProps } from './menu-button.tsx';

interface OpenMenuProps extends MenuContentProps {
  readonly position: 'bottom-start' | 'bottom-end';
  /** In pixels. */
  readonly width: number;
  readonly children: ReactNode;
}

/** The open menu of a menu button; its items are the children. */
export function OpenMenu({ label, onClose, position, width, children }: OpenMenuProps) {
  return (
    <Menu
      opened
      onClose={onClose}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      position={position}
      width={width}
      shadow="md"
    >
      <Menu.Target>
        <MenuAnchor label={label} />
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
