import { Avatar } from '../../people/avatar.tsx';
import { usePeople } from '../../people/use-people.tsx';
import classes from './presence.module.css';

interface AvatarStackProps {
  /** User ids. */
  readonly users: readonly string[];
  /** How many avatars at most; the rest is a number. */
  readonly limit: number;
  /** How many people there are, when more than are named. */
  readonly total?: number;
  readonly size: number;
}

/** Avatars side by side, and how many more. Decoration: the names must stand in an accessible name beside it. */
export function AvatarStack({ users, limit, total = users.length, size }: AvatarStackProps) {
  const people = usePeople();
  const shown = users.slice(0, total > limit + 1 ? limit : limit + 1);
  const more = total - shown.length;
  return (
    <span className={classes.stack} aria-hidden="true">
      {shown.map((user) => (
        <span key={user} className={classes.stacked}>
          <Avatar person={people.ofUser(user)} size={size} />
        </span>
      ))}
      {more > 0 ? (
        <span className={classes.more} style={{ minWidth: size, height: size, fontSize: Math.round(size * 0.46) }}>
          +{more}
        </span>
      ) : null}
    </span>
  );
}
