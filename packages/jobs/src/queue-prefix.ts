/** Under which name BullMQ keeps everything in Redis; `prefix` is the first part of all keys. */
export function queuePrefix(prefix: string): string {
  return `${prefix}:jobs`;
}

/** A key that is never there: to read it is a question that Redis answers at once, or is silent. */
export const QUESTION_KEY = 'meldesync:question';
