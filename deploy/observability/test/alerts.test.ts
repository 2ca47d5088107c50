import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HERE, readExpectations, readRules } from './rule-files.ts';

const ALERTS = readRules().flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const RUNBOOK = readFileSync(join(HERE, '../../docs/runbook.md'), 'utf8');

/** What a section about an alert answers. */
const QUESTIONS = ['What it means', 'What people see', 'Look at', 'Do'];

/** The runbook's sections about alerts, by name. */
function sections(): Map<string, string> {
  const parts = RUNBOOK.split(/^### (MeldeSync[A-Za-z]+)$/m);
  return new Map(
    parts.flatMap((name, index) =>
      index % 2 === 1 ? [[name, (parts[index + 1] ?? '').split(/^##/m)[0] ?? ''] as const] : [],
    ),
  );
}

describe('alerts', () => {
  it.each(ALERTS)('$alert says how bad it is, what it is, and where to read on', ({ alert, labels, annotations }) => {
    expect(['critical', 'warning']).toContain(labels?.['severity']);
    expect(annotations?.['summary']).toMatch(/^[A-Z].*[^.]$/);
    expect(annotations?.['description']).toMatch(/\.$/);
    expect(annotations?.['runbook_url']).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  it.each(ALERTS)('$alert is seen to fire, and not to fire, by promtool', ({ alert }) => {
    const of = readExpectations().filter(({ alertname }) => alertname === alert);
    expect(of.some(({ exp_alerts: expected }) => expected.length > 0)).toBe(true);
    expect(of.some(({ exp_alerts: expected }) => expected.length === 0)).toBe(true);
  });

  it('have a section each in the runbook, and each section has an alert', () => {
    expect([...sections().keys()].toSorted()).toEqual(ALERTS.map(({ alert }) => alert).toSorted());
  });

  it.each(ALERTS)('$alert: the runbook says what it means and what to do', ({ alert }) => {
    const section = sections().get(alert) ?? '';
    for (const question of QUESTIONS) expect(section).toContain(`**${question}**`);
  });
});
