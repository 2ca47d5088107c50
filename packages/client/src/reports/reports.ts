import {
  type Applied,
  type ClientSpan,
  type Frame,
  REPORT_LIMITS,
  type Report,
  type Welcome,
} from '@meldesync/protocol';
import type { ClientRuntime } from '../types/environment.ts';
import { createServerClock } from './server-clock.ts';

/** A change that came so long after its commit is told of, whatever the share (R1.2) … */
const SLOW_MS = 100;
/** … up to so many with one ping: when everything is slow, a few say so. */
const MAX_SLOW = 3;

/** Something that the person does, from the click until its outcome is on the screen. */
export interface Click {
  /** Goes with what is sent for it. */
  readonly traceparent: string;
  shown(outcome: ClientSpan['outcome']): void;
}

/** What this client sees, for the server to know (P50): nothing where it does not ask. */
export interface Reports {
  welcomed(wish: Welcome['reports']): void;
  /** A ping was answered. */
  ponged(sentAt: number, at: number | undefined): void;
  /** What the node's clock says now, as far as pings have told; that of this client before. */
  serverNow(): number;
  /** Undefined where nobody wants to hear of it. */
  clicked(name: ClientSpan['name']): Click | undefined;
  /** Frames were taken into the store that the node had sent as they came. */
  received(frames: readonly Frame[], sentAt: number, receivedAt: number): void;
  /** What is to be sent now; undefined for nothing. */
  take(): Report | undefined;
}

/**
 * Makes reports for one client. Times go out by the node's clock; what cannot be said by it is not told. `onServerTime` hears by how much
 * that clock is ahead of this client's, in milliseconds, each time it was measured.
 */
export function createReports(
  runtime: ClientRuntime,
  onServerTime: (aheadMs: number) => void = () => undefined,
): Reports {
  const clock = createServerClock();
  let wish: Welcome['reports'];
  let applied: Applied[] = [];
  let spans: ClientSpan[] = [];
  let slow = 0;
  /** Also while the next node's clock is not known: they are the same to within what a person sees. */
  let aheadMs = 0;
  const draw = (share: number | undefined): boolean => share !== undefined && runtime.random() < share;

  return {
    welcomed(wanted) {
      wish = wanted;
      clock.forget();
      applied = [];
      spans = [];
    },
    ponged(sentAt, at) {
      if (at === undefined) return;
      clock.measured(sentAt, at, runtime.now());
      aheadMs = clock.toServer(0) ?? aheadMs;
      onServerTime(aheadMs);
    },
    serverNow: () => runtime.now() + aheadMs,
    clicked(name) {
      if (wish?.traces === undefined) return undefined;
      const digits = (): string => runtime.randomId().replaceAll('-', '');
      const traceparent = `00-${digits()}-${digits().slice(0, 16)}-${draw(wish.traces) ? '01' : '00'}`;
      const startedHere = runtime.actedAt();
      return {
        traceparent,
        shown: (outcome) =>
          runtime.afterPaint(() => {
            const startedAt = clock.toServer(startedHere);
            const endedAt = clock.toServer(runtime.now());
            if (startedAt === undefined || endedAt === undefined || spans.length >= REPORT_LIMITS.spans) return;
            spans.push({ name, traceparent, startedAt, endedAt, outcome });
          }),
      };
    },
    received(frames, sentAt, receivedHere) {
      if (!wish || clock.toServer(receivedHere) === undefined) return;
      const share = wish.applied;
      const told = frames.map((frame) => ({ frame, isDrawn: draw(share) }));
      runtime.afterPaint(() => {
        const receivedAt = clock.toServer(receivedHere);
        const appliedAt = clock.toServer(runtime.now());
        if (receivedAt === undefined || appliedAt === undefined) return;
        for (const { frame, isDrawn } of told) {
          const { at: committedAt, trace } = frame;
          if (committedAt === undefined || applied.length >= REPORT_LIMITS.applied) continue;
          const isExtra = !isDrawn;
          if (isExtra && (appliedAt - committedAt <= SLOW_MS || slow >= MAX_SLOW)) continue;
          if (isExtra) slow += 1;
          applied.push({
            committedAt,
            sentAt,
            receivedAt,
            appliedAt,
            ...(isExtra ? { isExtra } : {}),
            ...(trace === undefined ? {} : { trace }),
          });
        }
      });
    },
    take() {
      if (applied.length === 0 && spans.length === 0) return undefined;
      const report: Report = { type: 'report', applied, spans };
      applied = [];
      spans = [];
      slow = 0;
      return report;
    },
  };
}
