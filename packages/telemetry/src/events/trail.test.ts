import { AUDIT_KINDS, FURTHER_AUDIT_KINDS, type FurtherAuditKind } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { EVENTS } from './catalogue.ts';
import type { EventDefinition } from './event-definition.ts';

/** Fields that name a person, their connection, or where it comes from. */
const OF_SOMEBODY = new Set(['user', 'connection', 'address']);

const events: readonly (readonly [string, EventDefinition])[] = Object.entries(EVENTS);

function kindsOf({ trail }: EventDefinition): readonly string[] {
  if (trail === undefined || (typeof trail === 'object' && 'none' in trail)) return [];
  return [trail].flat();
}

describe('R5.1 R5.3 the events of the logs and the entries of the trail are one catalogue', () => {
  it.each(events)(
    '%s, if it tells what a person or a connection did, names its entry or says why it has none',
    (name, event) => {
      const named: readonly string[] = [...event.fields, ...(event.optional ?? [])];
      const isOfSomebody = named.some((field) => OF_SOMEBODY.has(field));
      // A name that both have means the same, or it is said that it does not.
      const isShared = (AUDIT_KINDS as readonly string[]).includes(name);
      if (isOfSomebody || isShared) expect(event.trail).toBeDefined();
      if (isShared && kindsOf(event).length > 0) expect(kindsOf(event)).toContain(name);
      for (const kind of kindsOf(event)) expect(AUDIT_KINDS).toContain(kind);
      if (typeof event.trail === 'object' && 'none' in event.trail) expect(event.trail.none).toMatch(/\w+ \w+/);
    },
  );

  it('no kind holds a case id or a Vorgangsnummer', () => {
    for (const [kind, { before, after }] of Object.entries(FURTHER_AUDIT_KINDS) as [
      FurtherAuditKind,
      { before: readonly string[]; after: readonly string[] },
    ][]) {
      // How many notes there were says nothing of them.
      for (const field of [...before, ...after]) expect(field, kind).not.toMatch(/case|vorgang|note$|ibe/i);
    }
  });
});
