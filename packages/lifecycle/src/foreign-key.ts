/** Redis refuses a command for what the key holds: somebody else has put something of another type there. */
export function isForeignKey(error: unknown): boolean {
  return error instanceof Error && error.message.includes('WRONGTYPE ');
}

export interface ForeignKeyOptions {
  /** Takes the keys away that may be it. */
  readonly remove: () => Promise<unknown>;
  readonly onForeign: () => void;
}

/**
 * Runs commands; where a key of theirs is of another type it is removed, like any old value, and they are run once more. All that
 * we keep in Redis can be made again, and nothing else would ever end it.
 */
export async function pastForeignKey<T>(run: () => Promise<T>, { remove, onForeign }: ForeignKeyOptions): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isForeignKey(error)) throw error;
    onForeign();
    await remove();
    return run();
  }
}
