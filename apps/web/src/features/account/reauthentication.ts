import { errorCodeOf } from '../../api/api.ts';

/** Somebody waits until the person has said once more who they are. */
interface Asked {
  readonly answer: (isProven: boolean) => void;
}

let asked: Asked | null = null;
/** The question that stands, for all who ask meanwhile. */
let standing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

/** What the dialog shows; null while nothing is asked. */
export function askedReauthentication(): Asked | null {
  return asked;
}

/** Calls back when something is asked, or no longer; returns what ends that. */
export function onReauthentication(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Runs what may need that the person has proven who they are a short while ago. Where the service says so they are asked, and it is
 * run once more. Who does not answer gets the error of the first run, `reauthentication-needed`.
 */
export async function withReauthentication<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (errorCodeOf(error) !== 'reauthentication-needed' || !(await ask())) throw error;
    return run();
  }
}

function ask(): Promise<boolean> {
  standing ??= new Promise<boolean>((resolve) => {
    show({ answer: resolve });
  }).finally(() => {
    standing = null;
    show(null);
  });
  return standing;
}

function show(next: Asked | null): void {
  asked = next;
  for (const listener of listeners) listener();
}
