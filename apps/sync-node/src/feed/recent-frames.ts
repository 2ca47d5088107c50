import type { FramePosition } from '@meldesync/protocol';
import { isRange, type Step, stepEnd, stepStart } from './steps.ts';

const MAX_STEPS = 1_024;
const MAX_CHARACTERS = 4 * 1024 * 1024;
/** Of all workspaces of a node together. */
const MAX_ALL_CHARACTERS = 256 * 1024 * 1024;
/** So many stay, whatever others have: a snapshot must hold what they tell of. */
const LEAST_STEPS = 64;

/** How much the workspaces of a node may have in memory together, and have. */
export class RecentRoom {
  readonly #most: number;
  #characters = 0;

  constructor(most: number = MAX_ALL_CHARACTERS) {
    this.#most = most;
  }

  get isOver(): boolean {
    return this.#characters > this.#most;
  }

  get characters(): number {
    return this.#characters;
  }

  add(characters: number): void {
    this.#characters += characters;
  }
}

/**
 * The latest steps of a workspace in memory, without a gap: most reconnects are answered from here, and their
 * transaction ids say what a snapshot must hold. Of a range there is nothing but where it is.
 */
export class RecentFrames {
  readonly #room: RecentRoom;
  #steps: Step[] = [];
  #characters = 0;

  constructor(room: RecentRoom) {
    this.#room = room;
  }

  /** Adds the step that follows the last one. */
  push(step: Step): void {
    this.#steps.push(step);
    this.#count(charactersOf(step));
    const isTooMuch = this.#steps.length > MAX_STEPS || this.#characters > MAX_CHARACTERS;
    if (isTooMuch || (this.#room.isOver && this.#steps.length > LEAST_STEPS)) this.#dropOldest();
  }

  /** Where the last step ends; undefined without any. */
  get end(): FramePosition | undefined {
    const last = this.#steps.at(-1);
    return last && stepEnd(last);
  }

  clear(): void {
    this.#steps = [];
    this.#count(-this.#characters);
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
    for (const step of dropped) this.#count(-charactersOf(step));
  }

  #count(characters: number): void {
    this.#characters += characters;
    this.#room.add(characters);
  }
}

function charactersOf(step: Step): number {
  return isRange(step) ? 0 : step.json.length;
}
