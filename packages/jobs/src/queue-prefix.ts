/** Under which name BullMQ keeps everything in Redis; `prefix` is the first part of all keys. */
export function queuePrefix(prefix: string): string {
  return `${prefix}:jobs`;
}
