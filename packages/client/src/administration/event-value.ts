import { eventValueName, type Role, role } from '@meldesync/protocol';

/** How who shows an event says what it does not say itself. */
export interface EventValueTexts {
  readonly language: 'de' | 'en';
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  /** What has no end. */
  readonly unlimited: string;
  readonly role: (role: Role) => string;
  /** ISO 8601 in words. */
  readonly moment: (at: string) => string;
}

const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const ENDS: ReadonlySet<string> = new Set(['expiresAt', 'memberExpiresAt']);
const ROLES: ReadonlySet<string> = new Set(['role', 'maxRole']);

/** A value of an event in words. */
export function describeEventValue(field: string, value: unknown, texts: EventValueTexts): string {
  if (value === null) return ENDS.has(field) ? texts.unlimited : texts.nothing;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map((one) => describeEventValue(field, one, texts)).join(', ');
  if (typeof value !== 'string') return JSON.stringify(value) ?? texts.nothing;
  const known = ROLES.has(field) ? role.safeParse(value).data : undefined;
  if (known) return texts.role(known);
  return eventValueName(field, value, texts.language) ?? (MOMENT.test(value) ? texts.moment(value) : value);
}
