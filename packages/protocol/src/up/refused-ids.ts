/** A longer id is not brought back with a refusal, in UTF-16 code units. */
const MAX_RETURNED_ID = 1_024;

/** The ids by which the sender of a message knows what was refused. */
export interface RefusedIds {
  readonly operation?: string;
  readonly request?: string;
}

/**
 * The ids of a value that is no message, as its sender wrote them: also where the id itself is what is wrong, since an edit without an answer
 * would wait for ever (P19).
 */
export function refusedIds(value: unknown): RefusedIds {
  if (typeof value !== 'object' || value === null) return {};
  return { ...returned(value, 'operation'), ...returned(value, 'request') };
}

function returned(value: object, name: keyof RefusedIds): RefusedIds {
  const id: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return typeof id === 'string' && id.length <= MAX_RETURNED_ID ? { [name]: id } : {};
}
