/** better-auth has no code for it, and says it so. */
const SAYS = /^Secret version \d+ not found in keys\b/;

/** Whether a second factor could not be decrypted, for the secret it is encrypted with is not listed any more: no retry helps. */
export function isUnreadableFactor(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause)
    if (SAYS.test(current.message)) return true;
  return false;
}
