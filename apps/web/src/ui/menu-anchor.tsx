import type { ComponentPropsWithRef } from 'react';
import classes from './menu-button.module.css';

/** Lies over the menu's button: the library places the menu at it and takes the menu's name from it. */
export function MenuAnchor({ label, ...rest }: ComponentPropsWithRef<'span'> & { label: string }) {
  return (
    <span {...rest} className={classes.anchor} aria-hidden="true">
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
