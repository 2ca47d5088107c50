import { IconDatabase } from '@tabler/icons-react';
import classes from './avatar.module.css';
import { initialsOf } from './person-color.ts';
import type { Person } from './use-people.tsx';

/** Initials on a person's colour. Decoration: the name must stand beside it or in an accessible name. */
export function Avatar({ person, size = 20 }: { person: Person; size?: number }) {
  return (
    <span
      aria-hidden="true"
      className={classes.avatar}
      style={{ background: person.color, width: size, height: size, fontSize: Math.round(size * 0.42) }}
    >
      {person.isPerson ? initialsOf(person.name) : <IconDatabase size={Math.round(size * 0.62)} stroke={2} />}
    </span>
  );
}
