import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A rule of Prometheus: one that records, or one that alerts. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One thing that a test of promtool expects. */
interface Expectation {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

/** `deploy/observability`, with a slash at its end. */
export const HERE = fileURLToPath(new URL('../', import.meta.url));

/** The files of a folder, parsed. The shapes are promtool's to check. */
function readAll<T>(folder: string): T[] {
  const path = join(HERE, folder);
  return readdirSync(path).map((file) => parse(readFileSync(join(path, file), 'utf8')) as T);
}

/** All rules, in the order of their files. */
export function readRules(): Rule[] {
  const files = readAll<{ groups: { rules: Rule[] }[] }>('prometheus/rules');
  return files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
}

/** What the tests of promtool expect. */
export function readExpectations(): Expectation[] {
  const files = readAll<{ tests: { alert_rule_test: Expectation[] }[] }>('prometheus/tests');
  return files.flatMap(({ tests }) => tests.flatMap(({ alert_rule_test: expected }) => expected));
}
