/** Redis did not carry out what it was asked: it is away, silent, full or just starting. The same may succeed later. */
export class BusUnavailableError extends Error {
  constructor(options: ErrorOptions) {
    super('Redis does not do what it was asked', options);
    this.name = 'BusUnavailableError';
  }
}

/** The answer of Redis; rejects with a `BusUnavailableError` when there is none. */
export async function busAnswer<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    throw new BusUnavailableError({ cause });
  }
}
