import type { Finding, NamedEntry } from '@meldesync/audit';
import type { CliContext } from '../context.ts';

/** An entry as the API and the web app name it. */
export function entryKey({ source, id }: NamedEntry): string {
  return `${source === 'c' ? 'change' : 'event'}:${id}`;
}

/** A moment with its microseconds, in UTC; a dash where there is none. */
export function momentText(micros: string | null): string {
  if (micros === null) return '–';
  const moment = new Date(Number(BigInt(micros) / 1_000n));
  if (Number.isNaN(moment.getTime())) return micros;
  return moment.toISOString().replace('Z', `${micros.slice(-3)}Z`);
}

/** What is not as it was sealed, in a sentence. */
export function findingText({ t }: CliContext, { kind, seal, entry, upTo, micros }: Finding): string {
  const params = {
    seal: seal ?? '–',
    entry: entry === null ? '–' : entryKey(entry),
    upTo: upTo === null ? '–' : entryKey(upTo),
    at: momentText(micros),
  };
  return t(`auditVerify.findings.${kind}`, params);
}
