import type { EditItem, EditOutcome } from '@meldesync/protocol';
import { isRefusal, isSessionOver, SyncError } from '../errors/sync-error.ts';
import { backoffMs } from '../timing/backoff.ts';
import { sleep, withLimit } from '../timing/limits.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { PendingEdits } from './pending-edits.ts';

/** How long a request may take. */
const ANSWER_LIMIT_MS = 15_000;

/**
 * What goes over HTTP: nothing; only what shows edits that were accepted, while a WebSocket carries them and brings nothing back; or
 * edits too.
 */
type HttpUse = 'nothing' | 'showing' | 'edits';

/** Sends edits over HTTP while no WebSocket comes about (R4.3). */
export interface HttpEdits {
  /** What this is used for now. What is under way when that ends is sent again the other way, under its own id. */
  use(use: HttpUse): void;
  /** There may be something to send. */
  look(): void;
}

interface HttpEditsInput {
  readonly runtime: ClientRuntime;
  readonly edits: Pick<PendingEdits, 'hasNext' | 'next' | 'answer' | 'refuse' | 'hasAnswered'>;
  readonly post: (
    edit: { readonly operation: string; readonly items: readonly EditItem[] },
    signal: AbortSignal,
  ) => Promise<EditOutcome[]>;
  /** Whether the API takes this client for the person whose edits these are. */
  readonly isSamePerson: (signal: AbortSignal) => Promise<boolean>;
  /** Brings the store up to date, so that it shows what was accepted. */
  readonly refresh: () => Promise<void>;
  readonly onSignedOut: () => void;
}

/**
 * Makes a sender that is not active. It sends one edit at a time, in their order, each until it has an answer.
 * Long because its methods share what they close over; none of them is.
 */
export function createHttpEdits({ runtime, edits, post, ...input }: HttpEditsInput): HttpEdits {
  let use: HttpUse = 'nothing';
  let running: AbortController | null = null;

  const hasNext = (): boolean => use === 'edits' && edits.hasNext;

  /** Sends an edit; false when it is to be sent again. */
  const sendOne = async (
    edit: { readonly operation: string; readonly items: readonly EditItem[] },
    signal: AbortSignal,
  ): Promise<boolean> => {
    try {
      const outcomes = await withLimit(runtime, ANSWER_LIMIT_MS, signal, (limit) => post(edit, limit));
      return signal.aborted || edits.answer({ type: 'edited', operation: edit.operation, outcomes });
    } catch (error) {
      if (signal.aborted || !(error instanceof SyncError)) return false;
      if (isSessionOver(error.code)) input.onSignedOut();
      else if (isRefusal(error)) edits.refuse(edit.operation, error.code);
      else return false;
      return true;
    }
  };

  /** Asks for the frames of what was accepted; false when they are not there yet. */
  const showAccepted = async (): Promise<boolean> => {
    try {
      await input.refresh();
      return !edits.hasAnswered;
    } catch {
      // The service cannot be reached, which is said elsewhere; it is asked again.
      return false;
    }
  };

  const checkPerson = async (signal: AbortSignal): Promise<boolean> => {
    try {
      const isSame = await withLimit(runtime, ANSWER_LIMIT_MS, signal, (limit) => input.isSamePerson(limit));
      if (!isSame && !signal.aborted) input.onSignedOut();
      return isSame;
    } catch (error) {
      if (error instanceof SyncError && isSessionOver(error.code)) input.onSignedOut();
      return false;
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let failures = 0;
    let isChecked = false;
    while (!signal.aborted) {
      if (!hasNext() && !edits.hasAnswered) return;
      isChecked ||= await checkPerson(signal);
      if (signal.aborted) return;
      const next = isChecked && hasNext() ? edits.next() : undefined;
      const isDone = isChecked && (next ? await sendOne(next, signal) : await showAccepted());
      failures = isDone ? 0 : failures + 1;
      if (isDone || signal.aborted) continue;
      await sleep(runtime, backoffMs(failures, runtime.random()), signal);
      // By then somebody else may have signed in, in another window.
      isChecked = false;
    }
  };

  const look = (): void => {
    if (use === 'nothing' || running || (!hasNext() && !edits.hasAnswered)) return;
    const controller = new AbortController();
    running = controller;
    const finish = (): void => {
      if (running === controller) running = null;
      look();
    };
    run(controller.signal).then(finish, finish);
  };

  return {
    use(nextUse) {
      if (nextUse !== use) {
        running?.abort();
        running = null;
      }
      use = nextUse;
      look();
    },
    look,
  };
}
