const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Origin of the service, without a slash at its end. */
export const BASE_URL = (__ENV['BASE_URL'] ?? 'http://localhost:8080').replace(/\/$/, '');

/** A whole number of the environment, or what it is without. */
export function numberOf(name: string, otherwise: number): number {
  const text = __ENV[name];
  if (text === undefined || text === '') return otherwise;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new Error(`${name}: ${text} is no number`);
  return number;
}

/** A duration of the environment, such as `90s` or `10m`, in milliseconds. A number alone is seconds. */
export function durationMsOf(name: string, otherwise: string): number {
  const text = __ENV[name] || otherwise;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  }
  if (/^\d+$/.test(text)) total = Number(text) * 1_000;
  if (!(total > 0)) throw new Error(`${name}: ${text} is no duration`);
  return total;
}

/** A duration as k6's options want it. */
export function asDuration(ms: number): string {
  return `${Math.ceil(ms / 1_000)}s`;
}

/** Whether the nodes are restarted meanwhile, which ends connections. */
export const IS_RESTARTED = (__ENV['RESTART_AT'] ?? '') !== '';
