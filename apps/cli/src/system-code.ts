/** The code of an error of the operating system, such as `ENOENT` or `ECONNREFUSED`, wherever in its causes it is. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}
