import { loadavg } from 'node:os';
import type { Meldesync } from '../systems/meldesync.ts';
import type { Experience } from './clients/drill-client-process.ts';
import { type Check, printReport } from './drill-report.ts';
import type { Clients, Drill } from './fault-drill.ts';
import { type Phases, phaseTable, roundedPhases } from './phases.ts';
import { storedRecords } from './truth.ts';

/** What happened in a drill. Times are those of `performance.now()`. */
interface Outcome {
  readonly drill: Drill;
  readonly system: Meldesync;
  readonly clients: {
    readonly editors: Clients;
    readonly all: readonly Clients[];
    readonly victims: Clients | undefined;
    /** The node of each client at the start. */
    readonly nodes: readonly string[];
  };
  readonly edits: {
    /** Records that the editors edit and nobody else. */
    readonly records: readonly number[];
    readonly unanswered: number;
  };
  readonly phases: Phases;
  /** What the fault itself found. */
  readonly found: readonly Check[];
  /** Whether all was well at the end, when nobody edited any more. */
  readonly isSteady: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
  /** Since when all was well after the fault; undefined when it never was again. */
  readonly wellSince: number | undefined;
  /** How long a change might be on its way, by what was usual before the fault. */
  readonly allowedMs: number;
}

type Count = {
  [Name in keyof Experience]: Experience[Name] extends number ? Name : never;
}[keyof Experience];

/**
 * Asks every client what it went through, compares its store with Postgres, and prints what was found.
 * @returns whether nothing was lost, came twice or in another order
 */
export async function reportFault(outcome: Outcome): Promise<boolean> {
  const { drill, system, clients, edits, phases, found, isSteady, startedMs, endedMs, wellSince, allowedMs } = outcome;
  const truth = await storedRecords(system);
  const experienceOf = new Map<Clients, Experience>();
  for (const process of clients.all) experienceOf.set(process, await process.call('experience', { truth }));
  const experiences = [...experienceOf.values()];
  const sum = (name: Count) => experiences.reduce((total, experience) => total + experience[name], 0);
  const counts = experienceOf.get(clients.editors)?.edits;
  if (!counts) throw new Error('the editors did not answer');
  const { accepted, refused, conflicts } = counts;
  const edited = new Set(edits.records);
  const committed = truth.reduce((total, { id, version }) => total + (edited.has(id) ? version - 1 : 0), 0);
  const lost = sum('missing');
  const since = (fromMs: number) => (wellSince === undefined ? null : Math.max(0, Math.round(wellSince - fromMs)));
  const figures = {
    lost,
    duplicated: sum('duplicated'),
    reordered: sum('reordered'),
    differing: sum('differing'),
    recoveredMs: since(endedMs),
    recoveredFromStartMs: since(startedMs),
    faultMs: Math.round(endedMs - startedMs),
    allowedMs,
    clients: clients.nodes.length,
    accepted,
    refused,
    disconnects: sum('disconnects'),
    snapshots: sum('snapshots'),
  };

  console.log(phaseTable(phases));
  console.log(
    `\n${figures.clients} clients (${perNode(clients.nodes)}), ${figures.disconnects} connections lost, ` +
      `${figures.snapshots} snapshots taken again; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(
    `${accepted} edits accepted, ${refused} refused; all well ${seconds(figures.recoveredMs)} after the end of the fault, ` +
      `${seconds(figures.recoveredFromStartMs)} after its start`,
  );
  const errors = experiences.flatMap((experience) => Object.entries(experience.errors));
  for (const [text, times] of errors) console.log(`a client reported ${times} times: ${text}`);
  console.log('');
  const victims = clients.victims && experienceOf.get(clients.victims);
  return printReport({
    drill: drill.name,
    checks: [
      { name: `lost: ${lost}`, holds: lost === 0 },
      { name: `duplicated: ${figures.duplicated}`, holds: figures.duplicated === 0 },
      { name: `reordered: ${figures.reordered}`, holds: figures.reordered === 0 },
      { name: 'every store is what Postgres holds', holds: figures.differing === 0 },
      { name: 'all clients live and current again, and at the end', holds: wellSince !== undefined && isSteady },
      { name: 'every edit was answered, and none came second', holds: edits.unanswered === 0 && conflicts === 0 },
      {
        // One that was refused may have been committed all the same.
        name: 'every accepted edit is in Postgres once',
        holds: committed >= accepted && committed <= accepted + refused + edits.unanswered,
      },
      ...found,
      ...(drill.checks?.({ victimSnapshots: victims?.snapshots ?? 0, phases }) ?? []),
    ],
    figures: { ...figures, ...roundedPhases(phases) },
  });
}

function perNode(nodes: readonly string[]): string {
  const names = [...new Set(nodes)].toSorted();
  return names.map((name) => `${nodes.filter((node) => node === name).length} on ${name}`).join(', ');
}

function seconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`;
}
