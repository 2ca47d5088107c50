import { setTimeout as sleep } from 'node:timers/promises';
import { type CertificateState, certificateState, daysLeft, type OperationsCertificate } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { fileUntil, servedUntil } from './read-certificate.ts';

type Source = OperationsCertificate['source'];

const EVERY_MS = 3_600_000;
/** Whoever has renewed one, or started the web server after the nodes, looks whether that helped. */
const UNWELL_EVERY_MS = 60_000;
const LIMIT_MS = 10_000;

export interface CertificateWatchOptions {
  /** Address that people open; nothing is served to look at where it is `http://`. */
  readonly baseUrl: string;
  /** A file with the certificate, where this machine has it. */
  readonly file: string | undefined;
  readonly logger: Pick<Logger, 'event'>;
  /** Epoch milliseconds; the clock of the machine unless given. */
  readonly now?: () => number;
  readonly everyMs?: number;
  /** The same while one is near its end, over or unread. */
  readonly unwellEveryMs?: number;
  readonly limitMs?: number;
}

/** Looks at certificates that end by themselves; disposing it ends that. */
export interface CertificateWatch extends AsyncDisposable {
  /** What was found last; nothing before the first look is over. */
  found(): OperationsCertificate[];
  /** Seconds until each is over, of those that could be read. */
  remaining(): { readonly source: Source; readonly seconds: number }[];
}

/**
 * Looks at once and then each hour, each minute while one is not well. An event tells when a certificate comes within 30 days of its end (a warning), within 7 (an
 * error), and when it cannot be read: once each, and not again until that has changed. A node serves with any certificate, since it is
 * not the node's.
 */
export function watchCertificates(options: CertificateWatchOptions): CertificateWatch {
  const { baseUrl, file, logger, now = Date.now, everyMs = EVERY_MS, limitMs = LIMIT_MS } = options;
  const { unwellEveryMs = UNWELL_EVERY_MS } = options;
  const stopping = new AbortController();
  const readers = new Map<Source, () => Promise<number>>();
  if (baseUrl.startsWith('https:')) readers.set('served', () => servedUntil(baseUrl, limitMs, stopping.signal));
  if (file !== undefined) readers.set('file', () => fileUntil(file));
  const ends = new Map<Source, number | null>();
  const told = new Map<Source, CertificateState>();
  const look = async (certificate: Source, read: () => Promise<number>): Promise<void> => {
    const end: number | Error = await read().catch((error: unknown) => error as Error);
    if (stopping.signal.aborted) return;
    const endsAt = typeof end === 'number' ? end : null;
    ends.set(certificate, endsAt);
    const state = certificateState(endsAt, now());
    const before = told.get(certificate);
    told.set(certificate, state);
    if (state === before || state === 'fine') return;
    if (endsAt === null) logger.event('certificate-unread', { certificate, err: end });
    else {
      const days = daysLeft(endsAt, now());
      logger.event('certificate-ends', { certificate, days }, state === 'soon' ? 'warn' : 'error');
    }
  };
  const lookUntilAborted = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await Promise.all([...readers].map(([source, read]) => look(source, read)));
      const isWell = [...told.values()].every((state) => state === 'fine');
      // Aborted, it is over; the condition says so.
      await sleep(isWell ? everyMs : Math.min(everyMs, unwellEveryMs), undefined, {
        signal: stopping.signal,
        ref: false,
      }).catch(() => {});
    }
  };
  const running = readers.size === 0 ? Promise.resolve() : lookUntilAborted();
  return {
    found: () =>
      [...ends].map(([source, end]) => ({ source, endsAt: end === null ? null : new Date(end).toISOString() })),
    remaining: () =>
      [...ends].flatMap(([source, end]) => (end === null ? [] : { source, seconds: (end - now()) / 1_000 })),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}
