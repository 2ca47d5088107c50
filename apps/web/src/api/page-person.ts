/** Whose data this page has in memory. */
let person: string | null = null;

/** The user id of the person this page is of, from when their data was first shown; null before that. */
export function personOfPage(): string | null {
  return person;
}

/** Whether the page is, or may become, of this person. */
export function isPageOf(user: string): boolean {
  return person === null || person === user;
}

/** Makes this page a person's, if it is nobody's yet. False when it is another's, which it stays until it is loaded anew. */
export function takePage(user: string): boolean {
  person ??= user;
  return person === user;
}
