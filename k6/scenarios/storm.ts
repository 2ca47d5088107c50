import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { between } from '../lib/between.ts';
import { Client } from '../lib/client.ts';
import { pause } from '../lib/pause.ts';
import { personOf } from '../lib/people.ts';
import { Service } from '../lib/service.ts';
import { guarded } from '../lib/session.ts';
import { asDuration, durationMsOf, IS_RESTARTED, numberOf } from '../lib/settings.ts';
import { CURRENT_MS, SUMMARY, thresholds } from '../lib/thresholds.ts';
import { verify } from '../lib/verify.ts';
import { Visit } from '../lib/visit.ts';

/** A VU holds many sockets, since a VU of k6 takes megabytes. */
const SOCKETS_PER_VU = numberOf('SOCKETS_PER_VU', 100);
const vus = numberOf('VUS', 50);
const durationMs = durationMsOf('DURATION', '2m');
const arriveWithinMs = durationMs / 2.5;
/** Where no node is restarted, the network is lost then. */
const lostAtMs = arriveWithinMs + durationMs / 8;
/** Whoever lost it may take the 10 s and some more, so that it is measured instead of cut off. */
const LIVE_LIMIT_MS = 30_000;

/** Thousands of sockets lose their node, or the network, at the same moment: until all of them are current again. */
export const options: Options = {
  scenarios: {
    storm: { executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: asDuration(durationMs + 120_000) },
  },
  // While thousands come back an edit is as late as they are.
  thresholds: { ...thresholds(vus * SOCKETS_PER_VU), disconnects: [], edit_to_applied: [`p(99)<=${CURRENT_MS}`] },
  summaryTrendStats: SUMMARY,
};

export default function storm(): Promise<void> {
  return guarded(async () => {
    const startedAt = exec.scenario.startTime;
    const visit = await Visit.begin({ person: personOf(firstNumber()) });
    const { cursor } = visit.client.feed.copy;
    const others = await Promise.all(
      Array.from({ length: SOCKETS_PER_VU - 1 }, (_, index) => arrive(firstNumber() + index + 1, cursor)),
    );
    await editUntil(visit, startedAt + lostAtMs);
    if (!IS_RESTARTED) for (const client of [visit.client, ...others]) client.disconnect(false);
    await editUntil(visit, startedAt + durationMs);
    await pause(between(3_000, 5_000));
    for (const client of others) {
      if (await client.whenLive(LIVE_LIMIT_MS)) await verify(client, visit.service);
      client.stop();
    }
    await visit.end();
  });

  function firstNumber(): number {
    return (exec.vu.idInTest - 1) * SOCKETS_PER_VU + 1;
  }
}

/** A socket that follows the feed without keeping the records, from where the first one of its VU stands. */
async function arrive(number: number, cursor: string): Promise<Client> {
  await pause(between(0, arriveWithinMs));
  const { token, workspace } = personOf(number);
  if (token === undefined) throw new Error('a storm needs people with tokens: it does not measure sign-ins');
  const service = new Service(workspace, token);
  const client = new Client({ service, token, workspace, keepsRecords: false, cursor, sample: 0 });
  client.connect();
  return client;
}

/** One edit of each VU every ten to twenty seconds: something to catch up with. */
async function editUntil(visit: Visit, endsAt: number): Promise<void> {
  while (Date.now() < endsAt) {
    await pause(Math.min(between(10_000, 20_000), Math.max(0, endsAt - Date.now())));
    if (Date.now() < endsAt) await visit.edit();
  }
}
