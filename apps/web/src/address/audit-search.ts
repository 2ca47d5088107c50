import { AUDIT_GROUPS, AUDIT_KINDS, type AuditFilter, type AuditGroup, auditGroupOf } from '@meldesync/protocol';

/** Spans of time that end now, by the calendar days of this browser. */
export const AUDIT_RANGES = ['today', '7d', '30d'] as const;
export type AuditRange = (typeof AUDIT_RANGES)[number];

/**
 * What the address of Protokoll carries. Never a case id, nor the text searched for, which may be one: both are texts of the tab
 * (`useOwnText`).
 */
export interface AuditSearch {
  /** Absent for the entries. */
  readonly view?: 'conflicts';
  /** Absent for all there is, or where days are given. */
  readonly range?: AuditRange;
  /** First and last day, `yyyy-mm-dd`, both included. */
  readonly from?: string;
  readonly to?: string;
  /** `user:<id>`, `system`, `setup`, `db:<role>`. */
  readonly actors?: readonly string[];
  readonly groups?: readonly AuditGroup[];
  readonly kinds?: readonly string[];
  /** Internal id of a record. */
  readonly record?: number;
  /** Key of the entry in the side panel. */
  readonly entry?: string;
}

/** What is looked for beside the address. */
export interface OwnAuditTexts {
  /** Empty for any. */
  readonly caseId: string;
  readonly text: string;
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const KIND = /^[a-z]+(?:-[a-z]+)*$/;
const KEY = /^(?:change|event):[1-9]\d*$/;
const MOST_ACTORS = 50;
const DAYS_OF: Readonly<Record<AuditRange, number>> = { today: 1, '7d': 7, '30d': 30 };

/** Reads the search parameters; whatever is unknown is left out, so that an old link still opens the page. */
export function parseAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const range = AUDIT_RANGES.find((known) => known === search['range']);
  const from = dayOf(search['from']);
  const to = dayOf(search['to']);
  const actors = textsOf(search['actors']).slice(0, MOST_ACTORS);
  const groups = AUDIT_GROUPS.filter((group) => textsOf(search['groups']).includes(group));
  const kinds = textsOf(search['kinds']).filter((kind) => KIND.test(kind));
  const record = Number(search['record']);
  const entry = search['entry'];
  return {
    ...(search['view'] === 'conflicts' ? { view: 'conflicts' } : {}),
    ...(range && from === undefined && to === undefined ? { range } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(actors.length > 0 ? { actors } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(Number.isSafeInteger(record) && record > 0 ? { record } : {}),
    ...(typeof entry === 'string' && KEY.test(entry) ? { entry } : {}),
  };
}

/** The filter for the service. `today` is the day here and now, `yyyy-mm-dd`; days begin and end by this browser's clock. */
export function auditFilterOf(search: AuditSearch, { caseId, text }: OwnAuditTexts, today: string): AuditFilter {
  const { actors, groups = [], kinds = [], record, range } = search;
  const from = range === undefined ? search.from : dayBefore(today, DAYS_OF[range] - 1);
  const wantedKinds = kinds.length > 0 ? [...new Set([...kindsOf(groups), ...kinds])] : [];
  return {
    ...(from === undefined ? {} : { from: startOfDay(from) }),
    ...(search.to === undefined ? {} : { to: startOfDay(dayBefore(search.to, -1)) }),
    ...(actors === undefined ? {} : { actors: [...actors] }),
    // Each must hold: groups beside single kinds are the kinds in them.
    ...(wantedKinds.length > 0 ? { kinds: wantedKinds } : groups.length > 0 ? { groups: [...groups] } : {}),
    ...(record === undefined ? {} : { record }),
    ...(caseId === '' ? {} : { case: caseId }),
    ...(text === '' ? {} : { text }),
  };
}

/** The search without any filter; what is open stays. */
export function withoutFilters({ view }: AuditSearch): AuditSearch {
  return view === undefined ? {} : { view };
}

/** The search with another span of time. */
export function withTime(
  search: AuditSearch,
  time: { readonly range?: AuditRange; readonly from?: string; readonly to?: string },
): AuditSearch {
  const { range: _range, from: _from, to: _to, ...rest } = search;
  return { ...rest, ...time };
}

/** The search with one of a list added, or taken out where it is in. An empty list is none. */
export function withToggled<Name extends 'actors' | 'groups' | 'kinds'>(
  search: AuditSearch,
  name: Name,
  value: NonNullable<AuditSearch[Name]>[number],
): AuditSearch {
  const { [name]: list, ...rest } = search;
  const values: readonly string[] = list ?? [];
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length === 0 ? rest : { ...rest, [name]: next };
}

/** The calendar day of a moment here, `yyyy-mm-dd`. */
export function localDay(moment: Date | number): string {
  const at = new Date(moment);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** All kinds in some groups. */
export function kindsOf(groups: readonly AuditGroup[]): string[] {
  return AUDIT_KINDS.filter((kind) => groups.some((group) => auditGroupOf(kind) === group));
}

function dayBefore(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return localDay(new Date(year, month - 1, date - days));
}

function startOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).toISOString();
}

function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' && DAY.test(value) ? value : undefined;
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return [...new Set(list.filter((one): one is string => typeof one === 'string' && one !== '' && one.length <= 200))];
}
