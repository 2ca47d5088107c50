import type { ConnectionState, HeldLock, LiveLock } from '@meldesync/client';
import type { EndedLock } from '@meldesync/protocol';
import { type CliContext, print, printAside } from '../context.ts';
import { describeFailure } from '../failure.ts';
import { printable, steadyJson } from '../output/text.ts';
import type { People } from '../session/people.ts';
import { describeHolder, liveLockToJson } from './lock-text.ts';

/** Says what becomes of a lock, to a person or to a script. */
export interface LockReport {
  granted(held: HeldLock): void;
  /** Somebody else has it; `isWaiting` for it to become free. */
  held(locks: readonly LiveLock[], isWaiting: boolean): void;
  lost(held: HeldLock, end: EndedLock): void;
  /** The server no longer wants this client, so the lock will end. */
  refused(held: HeldLock, error: Error): void;
  released(held: HeldLock): void;
  /** Tells a person when the connection is lost and when it is back; a short loss is survived (R2.3). */
  connection(state: ConnectionState): void;
}

interface ReportInput {
  /** What the lock is on, in words. */
  readonly name: string;
  readonly caseId: string | null;
  readonly people: People;
  /** User id of who asks. */
  readonly me: string;
  readonly json: boolean;
  /** A command runs: standard output is its own, ours goes to standard error. */
  readonly isAside: boolean;
}

export function createLockReport(context: CliContext, input: ReportInput): LockReport {
  const { t, style, errorStyle, terminal, language } = context;
  const { name, caseId, people, me, json, isAside } = input;
  const say = (line: string) => (isAside ? printAside(context, line) : print(context, line));
  const sayJson = (type: string, event: object) => {
    const line = steadyJson({ type, at: new Date().toISOString(), ...event });
    (isAside ? terminal.stderr : terminal.stdout).write(`${line}\n`);
  };
  const paint = isAside ? errorStyle : style;
  const complain = (text: string) => printAside(context, `${errorStyle.red('✗')} ${text}`, '  ');

  let isLive = true;

  return {
    granted({ lock, records }) {
      if (json) sayJson('granted', { lock, records, caseId });
      else say(`${paint.green('✓')} ${t(isAside ? 'lock.grantedForCommand' : 'lock.granted', { name })}`);
    },
    held(locks, isWaiting) {
      if (json)
        return sayJson('held', {
          caseId,
          waiting: isWaiting,
          locks: locks.map((lock) => liveLockToJson(lock, people)),
        });
      const sentences = locks.map((lock) => describeHolder(lock, name, context, people, me));
      complain([...(sentences.length > 0 ? sentences : [t('lock.heldBySomeone', { name })])].join(' '));
      if (isWaiting) return;
      if (locks.some(({ user }) => user === me)) printAside(context, `  ${t('lock.takeOverHint')}`, '  ');
    },
    lost({ lock }, { reason, by }) {
      const who = by === undefined ? t('lock.someone') : printable(people.describe(by));
      if (json) sayJson('lost', { lock, caseId, reason, by: by ?? null, byName: by === undefined ? null : who });
      else complain(t(`lock.lost.${reason}`, { name, who }));
    },
    refused({ lock }, error) {
      const { sentence } = describeFailure(error, t, language);
      if (json) sayJson('lost', { lock, caseId, reason: 'refused', by: null, byName: null, message: sentence });
      else complain(t('lock.lost.refused', { name, reason: sentence }));
    },
    released({ lock }) {
      if (json) sayJson('released', { lock, caseId });
      else say(t('lock.released', { name }));
    },
    connection({ name: state }) {
      if (json || (state !== 'live' && state !== 'reconnecting')) return;
      const wasLive = isLive;
      isLive = state === 'live';
      if (wasLive !== isLive) printAside(context, t(isLive ? 'lock.connectionBack' : 'lock.connectionLost'));
    },
  };
}
