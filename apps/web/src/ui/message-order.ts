/** How many messages stand in the corner at once. */
export const SHOWN_MESSAGES = 2;

/**
 * All messages with a new one, those that stand in the corner first. The new one is shown at once and the oldest waits
 * until there is room again: what stays until someone closes it never keeps away what was lost meanwhile, and is not lost
 * itself. One that stands there already stays where it is.
 */
export function withMessage<Message extends { readonly id?: string }>(
  messages: readonly Message[],
  added: Message,
): Message[] {
  const index = messages.findIndex(({ id }) => id === added.id);
  if (index >= 0 && index < SHOWN_MESSAGES) return [...messages];
  return [added, ...messages.filter(({ id }) => id !== added.id)];
}
