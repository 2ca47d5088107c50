import type { Language } from '@meldesync/domain';
import type { LevelCause, OperationsLevel } from '@meldesync/protocol';

const LOCALES: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

/** A number with at most so many decimals. */
export function formatNumber(value: number, language: Language, decimals: number): string {
  return numberFormat(language, { maximumFractionDigits: decimals }).format(value);
}

/** A share of one as a percentage. */
export function formatShare(share: number, language: Language, decimals = 0): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: decimals }).format(share);
}

/** They are as costly to make as those of dates. */
const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language}:${options.style ?? ''}:${options.maximumFractionDigits ?? ''}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(LOCALES[language], options);
  numberFormats.set(key, made);
  return made;
}

/** A size in bytes with one decimal at most: `812 B`, `4,2 kB`. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, language, unit === 0 ? 0 : 1)} ${units[unit] ?? ''}`;
}

/** A span in the unit that suits it: `12 ms`, `1,4 s`, `3,5 min`. */
export function formatDelay(ms: number, language: Language): string {
  if (ms < 1_000) return `${formatNumber(ms, language, ms < 10 ? 1 : 0)} ms`;
  if (ms < 120_000) return `${formatNumber(ms / 1_000, language, 1)} s`;
  return `${formatNumber(ms / 60_000, language, 1)} min`;
}

/** A rate: one decimal while it is small, whole otherwise. */
export function formatRate(perSecond: number, language: Language): string {
  return formatNumber(perSecond, language, perSecond < 10 ? 1 : 0);
}

type Reason = OperationsLevel['reasons'][number];

/** A value of what raised the level, in its unit. */
export function formatReason(
  { cause, unit }: Pick<Reason, 'cause' | 'unit'>,
  value: number,
  language: Language,
): string {
  switch (unit ?? UNIT_OF[cause]) {
    case 'ms':
      return formatDelay(value, language);
    case 's':
      return formatDelay(value * 1_000, language);
    case 'By':
      return formatBytes(value, language);
    case '1':
      return cause === 'pool' ? formatNumber(value, language, 0) : formatShare(value, language, 1);
  }
}

/** Where a reason does not say its unit. */
const UNIT_OF: Readonly<Record<LevelCause, NonNullable<Reason['unit']>>> = {
  latency: 'ms',
  'feed-lag': 's',
  errors: '1',
  memory: '1',
  pool: '1',
};
