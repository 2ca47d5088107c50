import type { BenchContext } from '../context.ts';
import { sourceProgram, startProgram } from './program.ts';

/** What a helper process does when told to: functions of one order, which travels as JSON, as does what they return. */
type Handlers = Readonly<Record<string, (order: never) => Promise<unknown>>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly order: unknown;
}

/** The process broke where nobody waits for an answer, and ends. */
interface Death {
  readonly died: string;
}

type Answer =
  | { readonly id: number; readonly outcome: 'done'; readonly result: unknown }
  | { readonly id: number; readonly outcome: 'failed'; readonly message: string };

/** A helper process, from where it was started. */
export interface Remote<H extends Handlers> extends AsyncDisposable {
  readonly pid: number;
  /** Rejects when the handler does, or when the benchmark ends before it has answered. */
  call<Name extends keyof H & string>(name: Name, order: Parameters<H[Name]>[0]): Promise<Awaited<ReturnType<H[Name]>>>;
  /** SIGKILL: it says goodbye to nobody. */
  kill(): Promise<void>;
  /** SIGSTOP, until `resume`; calls wait meanwhile. */
  suspend(): void;
  resume(): void;
}

/** Starts a helper process whose file calls `serveCalls` with handlers of type `H`. */
export function startRemote<H extends Handlers>(
  context: BenchContext,
  options: { readonly name: string; readonly file: URL; readonly isServer: boolean },
): Remote<H> {
  const program = startProgram({ ...options, context, args: sourceProgram(options.file) });
  const waiting = new Map<number, PromiseWithResolvers>();
  let count = 0;
  program.child.on('message', (answer: Answer | Death) => {
    if ('died' in answer) return context.fail(new Error(`${options.name} broke: ${answer.died}`));
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.outcome === 'done') call?.resolve(answer.result);
    else call?.reject(new Error(`${options.name}: ${answer.message}`));
  });
  const giveUp = () => {
    for (const call of waiting.values()) call.reject(context.signal.reason as Error);
    waiting.clear();
  };
  context.signal.addEventListener('abort', giveUp, { once: true });
  return {
    pid: program.pid,
    call: (name, order) => {
      context.signal.throwIfAborted();
      const id = (count += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
        program.child.send({ id, name, order } satisfies Call, (error) => {
          if (error) reject(error);
        });
      });
    },
    kill: () => program.kill('SIGKILL'),
    suspend: () => program.suspend(),
    resume: () => program.resume(),
    [Symbol.asyncDispose]: async () => {
      context.signal.removeEventListener('abort', giveUp);
      await program[Symbol.asyncDispose]();
    },
  };
}

/**
 * Answers the calls of the process that started this one, until that one ends it. `end` then has some seconds to end what runs;
 * with it, this also outlives the interruption from the terminal, which that process tells of.
 */
export function serveCalls(handlers: Handlers, end?: () => Promise<void>): void {
  // What ends this process with its owner had let go of the channel, which is all that keeps this one alive.
  process.channel?.ref();
  // Whoever started this process says what broke; without its word there would be a stack and an exit code.
  process.once('uncaughtException', (error: unknown) => {
    const died = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    process.send?.({ died } satisfies Death, () => process.exit(1));
  });
  // An orderly exit: a CPU profile is written only then.
  process.once('SIGTERM', () => void leave(end));
  if (end) process.on('SIGINT', () => undefined);
  process.on('message', ({ id, name, order }: Call) => {
    const handler = handlers[name] as ((order: unknown) => Promise<unknown>) | undefined;
    if (!handler) throw new Error(`nothing here is called ${name}`);
    handler(order).then(
      (result) => answer({ id, outcome: 'done', result }),
      (error: unknown) =>
        answer({ id, outcome: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function leave(end: (() => Promise<void>) | undefined): Promise<void> {
  try {
    await end?.();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

function answer(message: Answer): void {
  process.send?.(message);
}

interface PromiseWithResolvers {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}
