import { formatBytes } from '@meldesync/client';
import { serviceLevel } from '@meldesync/protocol';
import type { TranslationValues } from 'use-intl/core';
import type { CliContext } from '../context.ts';
import { printable, textWidth, wrap } from '../output/text.ts';
import type { Finding, FindingKey, FindingState } from './finding.ts';

const SIGNS: Readonly<Record<FindingState, string>> = { ok: '✓', warning: '!', failed: '✗', skipped: '–' };
/** Findings whose arguments are sizes in bytes, by the names of these. */
const SIZES: Readonly<Partial<Record<FindingKey, readonly string[]>>> = {
  redisFull: ['used', 'most'],
  redisTakesNothing: ['used', 'most'],
  slotIdle: ['bytes'],
  slotBehind: ['bytes'],
  slotFine: ['bytes'],
};

/** What was found, in one sentence that says what to do where something is to be done. */
export function sentenceOf(finding: Finding, context: CliContext): string {
  // The key is known at run time only; a test says every sentence.
  const loose = context.t as (key: `doctor.findings.${FindingKey}`, params: TranslationValues) => string;
  const shown = Object.entries(finding.params).map(([name, value]) => [
    name,
    shownParam(finding, name, value, context),
  ]);
  return printable(loose(`doctor.findings.${finding.finding}`, Object.fromEntries(shown)));
}

function shownParam(
  { check, finding }: Finding,
  name: string,
  value: string | number,
  { t, language }: CliContext,
): string | number {
  if (SIZES[finding]?.includes(name)) return formatBytes(Number(value), language);
  if (check !== 'level') return value;
  const level = serviceLevel.safeParse(value);
  return level.success ? t(`top.levels.${level.data}`) : value;
}

/** One line a finding, broken to fit: sign, what was looked at, sentence. */
export function describeFindings(context: CliContext, findings: readonly Finding[], width: number): string[] {
  const { t, style } = context;
  const paint = { ok: style.green, warning: style.yellow, failed: style.red, skipped: style.dim };
  const names = findings.map(({ check }) => t(`doctor.checks.${check}`));
  const labelWidth = Math.max(0, ...names.map(textWidth)) + 2;
  return findings.flatMap((finding, place) => {
    const name = names[place] ?? '';
    const label = `${name}${' '.repeat(labelWidth - textWidth(name))}`;
    const lines = wrap(sentenceOf(finding, context), width - labelWidth - 2);
    return lines.map((line, index) =>
      index === 0
        ? `${paint[finding.state](SIGNS[finding.state])} ${label}${line}`
        : `${' '.repeat(labelWidth + 2)}${line}`,
    );
  });
}
