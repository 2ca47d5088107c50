import { processHealth, serviceCertificates } from '@meldesync/client';
import { type CertificateState, describeLack, isWithoutRedis, type Operations } from '@meldesync/protocol';
import { VERSION } from '../version.ts';
import { type Finding, type FindingKey, type FindingState, findingsOf } from './finding.ts';

/** A feed whose newest sign of life is older than this tells of nothing: nodes are not live from then on. */
const OLD_CANARY_MS = 6_000;
const LATE_FEED_SECONDS = 5;
/** More waiting files than this while nobody works at them. */
const MANY_WAITING = 20;

/** Judges how the whole service is, as it says to an administrator. */
export function judgeOperations(operations: Operations, language: 'de' | 'en'): Finding[] {
  return [
    ...versions(operations),
    ...processes(operations, language),
    level(operations),
    feed(operations),
    queue(operations),
    ...certificates(operations),
  ];
}

function versions({ processes }: Operations): Finding[] {
  const find = findingsOf('version');
  const found = [...new Set(processes.map(({ version }) => version))].toSorted();
  if (found.length > 1) return [find('warning', 'versionsMixed', { versions: found.join(', '), own: VERSION })];
  const [server] = found;
  if (server === undefined) return [];
  return [
    server === VERSION
      ? find('ok', 'versionSame', { version: VERSION })
      : find('warning', 'versionOther', { server, own: VERSION }),
  ];
}

function processes({ at, processes }: Operations, language: 'de' | 'en'): Finding[] {
  const find = findingsOf('processes');
  const found = processes.flatMap((process) => {
    const { state, silentMs } = processHealth(process, at);
    const { name, missing } = process;
    const lacks = missing.map((said) => describeLack(said, language)).join(', ') || '–';
    if (state === 'silent') return [find('warning', 'processSilent', { name, seconds: Math.floor(silentMs / 1_000) })];
    if (state === 'unusable') return [find('failed', 'processUnusable', { name, lacks })];
    return state === 'stale' ? [find('warning', 'processStale', { name, lacks })] : [];
  });
  const heard = heardOf({ at, processes });
  if (isWithoutRedis(heard)) return [...found, find('failed', 'redisSilent')];
  if (!heard.some(({ kind, role }) => kind === 'relay' && role === 'active')) found.push(find('failed', 'noRelay'));
  if (!heard.some(({ kind }) => kind === 'worker')) found.push(find('warning', 'noWorker'));
  return found.length > 0 ? found : [find('ok', 'processesFine', { count: processes.length })];
}

function heardOf({ at, processes }: Pick<Operations, 'at' | 'processes'>): Operations['processes'] {
  return processes.filter((process) => processHealth(process, at).state !== 'silent');
}

function level({ level: { name, chosenBy } }: Operations): Finding {
  const find = findingsOf('level');
  if (name === 'normal') return find('ok', 'levelNormal');
  return find('warning', chosenBy === 'person' ? 'levelByPerson' : 'levelMeasured', { level: name });
}

function feed({ feed: { canaryAgeMs, delaySeconds } }: Operations): Finding {
  const find = findingsOf('feed');
  if (canaryAgeMs === null) return find('failed', 'feedSilent');
  const seconds = Math.round(canaryAgeMs / 1_000);
  if (canaryAgeMs > OLD_CANARY_MS) return find('failed', 'feedOld', { seconds });
  if (delaySeconds !== null && delaySeconds > LATE_FEED_SECONDS)
    return find('warning', 'feedLate', { seconds: Math.round(delaySeconds) });
  return find('ok', 'feedFine', { milliseconds: Math.round(canaryAgeMs) });
}

function queue(operations: Operations): Finding {
  const find = findingsOf('queue');
  if (isWithoutRedis(heardOf(operations))) return find('skipped', 'queueUnknown');
  const { waiting, active, failed } = operations.queue;
  if (waiting > MANY_WAITING && active === 0) return find('warning', 'queueStands', { waiting });
  return failed > 0 ? find('warning', 'queueFailed', { failed }) : find('ok', 'queueFine', { waiting, active });
}

const OF_CERTIFICATES: Readonly<Record<CertificateState, readonly [FindingState, FindingKey]>> = {
  fine: ['ok', 'certificateFine'],
  soon: ['warning', 'certificateSoon'],
  urgent: ['failed', 'certificateUrgent'],
  over: ['failed', 'certificateOver'],
  unread: ['warning', 'certificateUnread'],
};

/** Nothing where the service is behind no HTTPS. */
function certificates({ processes, at }: Operations): Finding[] {
  const find = findingsOf('certificate');
  return serviceCertificates(processes, at).map(({ state, days, endsAt }) =>
    find(...OF_CERTIFICATES[state], endsAt === null || days === null ? {} : { date: endsAt.slice(0, 10), days }),
  );
}
