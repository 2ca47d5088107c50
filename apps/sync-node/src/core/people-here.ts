import { type Allowance, type AllowanceRule, charged, fullAllowance, refilled } from '../budgets/allowance.ts';
import type { NodeRuntime } from '../runtime.ts';
import { MESSAGES_AT_ONCE, MESSAGES_PER_SECOND } from './connection/message-budget.ts';

/** How many windows and programs of one person a node serves. */
export const CONNECTIONS_OF_ONE = 50;
/** All windows of a person come back at once when a node is gone, and may lose the next one as well. */
const RETURNS_AT_ONCE = 2;
/** After that so many seconds are to pass until all of them may have come again. */
const RETURN_SECONDS = 25;
/** Of a person's connections so many may send together what one alone may. */
const CONNECTIONS_FOR_ONE_BUDGET = 10;

interface PersonHere {
  connections: number;
  arrivals: Allowance;
  messages: Allowance;
}

/** Above so many, those who are gone are forgotten. */
const MANY = 1_000;

/** What each person has of this node, with all of their connections together. */
export class PeopleHere {
  readonly #most: number;
  readonly #runtime: Pick<NodeRuntime, 'monotonicMs'>;
  readonly #arrivals: AllowanceRule;
  readonly #messages: AllowanceRule;
  readonly #people = new Map<string, PersonHere>();

  /** `most`: how many connections a person may have. */
  constructor(most: number, runtime: Pick<NodeRuntime, 'monotonicMs'>) {
    const share = Math.max(1, most / CONNECTIONS_FOR_ONE_BUDGET);
    this.#most = most;
    this.#runtime = runtime;
    this.#arrivals = { burst: RETURNS_AT_ONCE * most, perSecond: most / RETURN_SECONDS };
    this.#messages = { burst: share * MESSAGES_AT_ONCE, perSecond: share * MESSAGES_PER_SECOND };
  }

  /** How many people are remembered. */
  get size(): number {
    return this.#people.size;
  }

  /** A connection of a person comes in; false where it may not stay, and then it is not to `leave`. */
  arrive(userId: string): boolean {
    const person = this.#of(userId);
    if (person.connections >= this.#most) return false;
    person.arrivals = refilled(person.arrivals, this.#arrivals, this.#runtime.monotonicMs());
    if (person.arrivals.left < 1) return false;
    person.arrivals = charged(person.arrivals, 1);
    person.connections += 1;
    return true;
  }

  /** A connection that had come in is over. */
  leave(userId: string): void {
    const person = this.#people.get(userId);
    if (person) person.connections -= 1;
  }

  /** Takes what a message costs off what a person may send; false where nothing is left. */
  spend(userId: string, cost: number): boolean {
    const person = this.#of(userId);
    person.messages = refilled(person.messages, this.#messages, this.#runtime.monotonicMs());
    if (person.messages.left <= 0) return false;
    person.messages = charged(person.messages, cost);
    return true;
  }

  #of(userId: string): PersonHere {
    const known = this.#people.get(userId);
    if (known) return known;
    const now = this.#runtime.monotonicMs();
    if (this.#people.size >= MANY) this.#forgetGone(now);
    const person = {
      connections: 0,
      arrivals: fullAllowance(this.#arrivals, now),
      messages: fullAllowance(this.#messages, now),
    };
    this.#people.set(userId, person);
    return person;
  }

  #forgetGone(now: number): void {
    for (const [userId, { connections, arrivals, messages }] of this.#people) {
      if (connections > 0) continue;
      const isRested =
        refilled(arrivals, this.#arrivals, now).left >= this.#arrivals.burst &&
        refilled(messages, this.#messages, now).left >= this.#messages.burst;
      if (isRested) this.#people.delete(userId);
    }
  }
}
