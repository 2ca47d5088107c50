import {
  CLOSE_CODES,
  type CloseCode,
  type RefusedIds,
  refusedIds,
  type UpMessage,
  upMessage,
} from '@meldesync/protocol';
import { fullBudget, type MessageBudget, spend } from './message-budget.ts';

const MAX_INVALID_MESSAGES = 5;

/** What a connection has sent so far, as far as it counts for what may still come. */
export interface Intake {
  readonly budget: MessageBudget;
  /** How many of its messages could not be read. */
  readonly invalid: number;
}

/** What becomes of a text. */
export type Taken =
  | { readonly outcome: 'message'; readonly message: UpMessage }
  /** `to` are the ids by which its sender knows what is refused, as far as they can be brought back. */
  | { readonly outcome: 'refused'; readonly to: RefusedIds }
  | { readonly outcome: 'closed'; readonly code: CloseCode; readonly reason: string };

export function emptyIntake(now: number): Intake {
  return { budget: fullBudget(now), invalid: 0 };
}

/** Takes a text as it came; `now` in milliseconds that only go forward. */
export function takeIn(intake: Intake, text: string, now: number): { readonly intake: Intake; readonly taken: Taken } {
  const budget = spend(intake.budget, now);
  if (!budget) return { intake, taken: closed(CLOSE_CODES.rateLimited, 'too many messages') };
  const { message, to } = parse(text);
  if (message) return { intake: { ...intake, budget }, taken: { outcome: 'message', message } };
  const invalid = intake.invalid + 1;
  return {
    intake: { budget, invalid },
    taken:
      invalid < MAX_INVALID_MESSAGES
        ? { outcome: 'refused', to }
        : closed(CLOSE_CODES.badRequest, 'too many invalid messages'),
  };
}

function closed(code: CloseCode, reason: string): Taken {
  return { outcome: 'closed', code, reason };
}

function parse(text: string): { readonly message?: UpMessage; readonly to: RefusedIds } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { to: {} };
    throw error;
  }
  const result = upMessage.safeParse(value);
  return result.success ? { message: result.data, to: {} } : { to: refusedIds(value) };
}
