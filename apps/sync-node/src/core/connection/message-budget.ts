/** What a connection may send (P24). */
export const MESSAGES_AT_ONCE = 200;
export const MESSAGES_PER_SECOND = 50;

/** How many messages a connection may still send. Time fills it up again (P24). */
export interface MessageBudget {
  readonly tokens: number;
  /** When that was counted, in milliseconds that only go forward. */
  readonly at: number;
}

export function fullBudget(now: number): MessageBudget {
  return { tokens: MESSAGES_AT_ONCE, at: now };
}

/** Takes one message off; undefined when the budget is used up. */
export function spend(budget: MessageBudget, now: number): MessageBudget | undefined {
  const refilled = Math.min(
    MESSAGES_AT_ONCE,
    budget.tokens + (Math.max(0, now - budget.at) / 1_000) * MESSAGES_PER_SECOND,
  );
  return refilled < 1 ? undefined : { tokens: refilled - 1, at: now };
}
