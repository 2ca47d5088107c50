/** What a process says of whether it can do its work; `/readyz` answers it as JSON. */
export interface Readiness {
  /** It does what it is there for, if late: whoever shares out work keeps it. */
  readonly usable: boolean;
  /** What it does is current: whoever has a choice prefers it. */
  readonly live: boolean;
  /** What it lacks, in words. */
  readonly missing: readonly string[];
  /** Of what goes through the feed: how old what it knows is, in milliseconds; null before the first canary. */
  readonly canaryAgeMs?: number | null;
  /** Of a worker: imports rest, as they do at the level at which the cluster works. */
  readonly rests?: boolean;
  /** Of a relay. */
  readonly role?: 'active' | 'standby' | 'starting';
}

/** The path at which it is asked for; with the query `?live`, whether the process is current decides. */
export const READINESS_PATH = '/readyz';

/** How it is answered over HTTP: 200 or 503, so that a balancer needs to read no more. */
export function answerReadiness(
  readiness: Readiness,
  { searchParams }: Pick<URL, 'searchParams'>,
): { readonly status: 200 | 503; readonly body: string } {
  const isWell = searchParams.has('live') ? readiness.live : readiness.usable;
  return { status: isWell ? 200 : 503, body: `${JSON.stringify(readiness)}\n` };
}
