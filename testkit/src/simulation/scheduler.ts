/** A simulated process: it owns its timers and what is on its way to it, and takes both along when it dies. */
export interface SimProcess {
  readonly name: string;
  isAlive: boolean;
  /** Nothing of it runs before this time. */
  pausedUntil: number;
  /** How far its wall clock is wrong. */
  clockOffsetMs: number;
  /** Where it will end by itself. */
  crash: Crash | undefined;
}

/** The await at which a process ends. */
export interface Crash {
  /** So many awaits pass before. */
  awaitsLeft: number;
  /** Whether what it asks for still leaves it, and is carried out though nobody hears of that. */
  readonly leaves: boolean;
  /** The process is over; `at` names the await. */
  readonly crashed: (at: string) => void;
}

/** Something that will happen. */
export interface Task {
  readonly process: SimProcess;
  readonly callback: () => void;
  at: number;
  order: number;
  isDone: boolean;
}

/** Kept from before the timers are taken over: a turn of the real event loop ends all promises that can end. */
const nextTurn = globalThis.setImmediate;

/**
 * The only source of time and order in a simulation. What happens is done one after the other, each as a turn of the
 * event loop of the process it belongs to; whatever a turn starts belongs to that process too.
 */
export class Scheduler {
  /** Milliseconds since the run began. */
  now = 0;
  /** Turns so far. */
  turns = 0;
  /** What nobody in particular owns: the network, chance, the checks. */
  readonly world: SimProcess = newProcess('world');
  /** Whose turn it is. */
  current: SimProcess = this.world;
  readonly #heap: Task[] = [];
  #order = 0;

  process(name: string): SimProcess {
    return newProcess(name);
  }

  /**
   * The process whose turn it is does something that reaches beyond it: asks, sends, or waits. Every such thing comes by
   * here, so this is where a process can be ended between any two of them. False when nothing leaves it any more: the rest
   * of its turn happens to nobody.
   */
  leave(what: string): boolean {
    const { current } = this;
    const { crash } = current;
    if (!crash || !current.isAlive) return current.isAlive;
    crash.awaitsLeft -= 1;
    if (crash.awaitsLeft > 0) return true;
    current.isAlive = false;
    current.crash = undefined;
    crash.crashed(`${what}, ${crash.leaves ? 'carried out' : 'not asked'}`);
    return crash.leaves;
  }

  /** Calls back after a while, in a turn of the process; never once that is dead. */
  after(delayMs: number, process: SimProcess, callback: () => void): Task {
    return this.at(this.now + Math.max(0, delayMs), process, callback);
  }

  /** Calls back at a time that has not passed; what is due at the same time happens in the order of the calls. */
  at(atMs: number, process: SimProcess, callback: () => void): Task {
    const task: Task = { process, callback, at: atMs, order: this.#order++, isDone: false };
    if (process.isAlive) this.#push(task);
    return task;
  }

  cancel(task: Task): void {
    task.isDone = true;
  }

  /** Lets nothing of a process run for a while. */
  pause(process: SimProcess, forMs: number): void {
    process.pausedUntil = Math.max(process.pausedUntil, this.now + forMs);
  }

  /** Resolves after a while, for the process whose turn it is. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.leave('sleep')) this.after(delayMs, this.current, resolve);
    });
  }

  /** What is due for a process, or for all. */
  pending(process?: SimProcess): Task[] {
    return this.#heap.filter((task) => !task.isDone && task.process.isAlive && (!process || task.process === process));
  }

  /** Lets things happen until a time. Throws what a turn throws. */
  async run(untilMs: number): Promise<void> {
    for (let task = this.#heap[0]; task && task.at <= untilMs; task = this.#heap[0]) {
      this.#pop();
      if (task.isDone || !task.process.isAlive) continue;
      this.now = Math.max(this.now, task.at);
      if (task.process.pausedUntil > this.now) {
        task.at = task.process.pausedUntil;
        this.#push(task);
        continue;
      }
      task.isDone = true;
      this.current = task.process;
      this.turns += 1;
      task.callback();
      await new Promise((resolve) => {
        nextTurn(resolve);
      });
      this.current = this.world;
    }
    this.now = Math.max(this.now, untilMs);
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(task);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(task, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      const next = a && b && isBefore(b, a) ? b : a;
      if (!next || !isBefore(next, last)) break;
      heap[index] = next;
      index = next === a ? left : left + 1;
    }
    heap[index] = last;
  }
}

function newProcess(name: string): SimProcess {
  return { name, isAlive: true, pausedUntil: 0, clockOffsetMs: 0, crash: undefined };
}

function isBefore(a: Task, b: Task): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}
