import type { Operations } from '@meldesync/protocol';
import { sampleOperations } from '@meldesync/testkit';
import { describe, expect, it } from 'vitest';
import { de } from '../messages/de.ts';
import { VERSION } from '../version.ts';
import { judgeOperations } from './judge-operations.ts';

const NOW = new Date('2026-11-29T10:00:00Z');
const sample = sampleOperations(NOW);

function found(changes: Partial<Operations>): string[] {
  return judgeOperations({ ...sample, ...changes }, 'de')
    .filter(({ state }) => state !== 'ok')
    .map(({ state, finding, params }) => [state, finding, ...Object.values(params)].join(' '));
}

const withEach = (change: (process: (typeof sample.processes)[number]) => object): Partial<Operations> => ({
  processes: sample.processes.map((process) => ({ ...process, version: VERSION, ...change(process) })),
});

describe('what an administrator is told', () => {
  it('nothing of a service that is well', () => expect(found(withEach(() => ({})))).toEqual([]));

  it.each<[string, Partial<Operations>, string[]]>([
    ['another version', withEach(() => ({ version: '9.9.9' })), [`warning versionOther 9.9.9 ${VERSION}`]],
    [
      'several versions',
      withEach(({ kind }) => (kind === 'relay' ? { version: '9.9.9' } : {})),
      [`warning versionsMixed ${VERSION}, 9.9.9 ${VERSION}`],
    ],
    [
      'a process that cannot work',
      withEach(({ name }) =>
        name === 'node-1' ? { usable: false, live: false, missing: ['Redis does not answer'] } : {},
      ),
      ['failed processUnusable node-1 Redis antwortet nicht'],
    ],
    [
      'a relay that is frozen',
      withEach(({ name }) => (name === 'relay-1' ? { seenAt: '2026-11-29T09:59:30Z' } : {})),
      ['warning processSilent relay-1 30', 'failed noRelay'],
    ],
    [
      'of nobody but Redis where it is silent',
      {
        processes: sample.processes
          .filter(({ name }) => name === 'node-1')
          .map((process) => ({ ...process, live: false, missing: ['Redis does not answer', 'no canary for 12 s'] })),
        feed: { ...sample.feed, canaryAgeMs: 12_000 },
        queue: { ...sample.queue, waiting: 0, active: 0, failed: 0 },
      },
      [
        'warning processStale node-1 Redis antwortet nicht, hört seit 12 s nichts Neues',
        'failed redisSilent',
        'failed feedOld 12',
        'skipped queueUnknown',
      ],
    ],
    ['no worker', { processes: sample.processes.filter(({ kind }) => kind !== 'worker') }, ['warning noWorker']],
    [
      'a level set by hand',
      { level: { ...sample.level, name: 'manual', chosenBy: 'person' } },
      ['warning levelByPerson manual'],
    ],
    ['a level that is measured', { level: { ...sample.level, name: 'minimal' } }, ['warning levelMeasured minimal']],
    ['a silent feed', { feed: { ...sample.feed, canaryAgeMs: null } }, ['failed feedSilent']],
    ['an old feed', { feed: { ...sample.feed, canaryAgeMs: 12_000 } }, ['failed feedOld 12']],
    ['a late feed', { feed: { ...sample.feed, delaySeconds: 9 } }, ['warning feedLate 9']],
    ...(
      [
        ['that ends in 20 days', '2026-12-19T10:00:00Z', ['warning certificateSoon 2026-12-19 20']],
        ['that ends in 5 days', '2026-12-04T10:00:00Z', ['failed certificateUrgent 2026-12-04 5']],
        ['that is over', '2026-11-28T10:00:00Z', ['failed certificateOver 2026-11-28 -1']],
        ['that goes on', '2027-12-04T10:00:00Z', []],
        ['that nobody can read', null, ['warning certificateUnread']],
      ] as const
    ).map(([name, endsAt, expected]): [string, Partial<Operations>, string[]] => [
      `a certificate ${name}`,
      withEach(({ kind }) => (kind === 'node' ? { certificates: [{ source: 'served', endsAt }] } : {})),
      [...expected],
    ]),
    ['files that nobody takes', { queue: { ...sample.queue, waiting: 40, active: 0 } }, ['warning queueStands 40']],
    ['jobs that failed', { queue: { ...sample.queue, failed: 2 } }, ['warning queueFailed 2']],
  ])('%s', (_name, changes, expected) => {
    expect(found(changes)).toEqual(expected);
  });
});

it('whatever is a reason to act says what to do: each sentence that is no good news has a part for it', () => {
  const good =
    /Fine$|Same$|Normal$|Reachable$|usableAndLive|socket(Opens|Greets)|logsNoStatements|redis(Appends|Quiet)/;
  const told = /process(Unusable|Stale)|operationsForbidden|operationsUnknown/;
  const mute = Object.entries(de.doctor.findings).filter(
    ([key, sentence]) => !good.test(key) && !told.test(key) && !/[;,:] (?!Grenze)/.test(sentence),
  );
  expect(mute).toEqual([]);
});
