/* Looks at values in place: frames come by the thousand and a copy has a hundred thousand records; a schema would copy them. */

/** Whether the value is an object with fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is the id or the version of a record. */
export function isPositiveInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
