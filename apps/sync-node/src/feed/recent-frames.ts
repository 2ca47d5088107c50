import type { FramePosition } from '@meldesync/protocol';
import { isRange, type Step, stepEnd, stepStart } from './steps.ts';

const MAX_STEPS = 1_024;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/**
 * The latest steps of a workspace in memory, without a gap: most reconnects are answered from here, and their
 * transaction ids say what a snapshot must hold. Of a range there is nothing but where it is.
 */
export class RecentFrames {
  #steps: Step[] = [];
  #characters = 0;

  /** Adds the step that follows the last one. */
  push(step: Step): void {
    this.#steps.push(step);
    this.#characters += charactersOf(step);
    if (this.#steps.length > MAX_STEPS || this.#characters > MAX_CHARACTERS) this.#dropOldest();
  }

  /** Where the last step ends; undefined without any. */
  get end(): FramePosition | undefined {
    const last = this.#steps.at(-1);
    return last && stepEnd(last);
  }

  clear(): void {
    this.#steps = [];
    this.#characters = 0;
  }

  /** The steps after a position; undefined when they do not reach back that far, or it lies within a range. */
  after(position: FramePosition): Step[] | undefined {
    const index = this.#steps.findLastIndex((step) => stepStart(step) === position);
    return index < 0 ? undefined : this.#steps.slice(index);
  }

  /** Transaction ids of the steps, without repetition. */
  transactions(): string[] {
    return [...new Set(this.#steps.flatMap((step) => (isRange(step) ? step.txids : step.txid)))];
  }

  /** A quarter at a time, so that a long list is not moved for every step. */
  #dropOldest(): void {
    const dropped = this.#steps.splice(0, Math.ceil(this.#steps.length / 4));
    for (const step of dropped) this.#characters -= charactersOf(step);
  }
}

function charactersOf(step: Step): number {
  return isRange(step) ? 0 : step.json.length;
}
