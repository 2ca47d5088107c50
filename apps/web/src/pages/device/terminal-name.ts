/** What a terminal says of itself in its User-Agent, as far as it is one of ours. */
export interface TerminalName {
  readonly version: string;
  readonly system: string;
  readonly machine: string;
}

const OURS = /^meldesync\/([\w.-]{1,40}) \(([^;)]{1,40}); ([\w.-]{1,60})\)$/;

/** Null for who says something else, or nothing. */
export function readTerminalName(userAgent: string | null): TerminalName | null {
  const [, version, system, machine] = OURS.exec(userAgent ?? '') ?? [];
  if (version === undefined || system === undefined || machine === undefined) return null;
  return { version, system: system === 'Mac OS X' ? 'macOS' : system, machine };
}
