/** Who made a change, out of its `by`: a person, or someone with direct access to the database. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'database'; readonly role: string }
  | { readonly kind: 'unknown' };

/** Reads `user:<id>` or `db:<role>`. */
export function parseActor(by: string): Actor {
  const colon = by.indexOf(':');
  const rest = by.slice(colon + 1);
  switch (by.slice(0, colon)) {
    case 'user':
      return { kind: 'user', id: rest };
    case 'db':
      return { kind: 'database', role: rest };
    default:
      return { kind: 'unknown' };
  }
}
