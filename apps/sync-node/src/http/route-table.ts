import { READINESS_PATH } from '@meldesync/telemetry';
import { DESCRIPTION_PATH } from './api-description.ts';
import { findTemplates } from './path-templates.ts';
import { CALLBACK_PATH, SIGN_IN_ROUTES } from './sign-in-routes.ts';

/** What may be asked of a path: its methods, each with the media types that it answers with; none where it does not say. */
export type KnownPath = ReadonlyMap<string, readonly string[]>;

/** The path of a request; undefined where nothing is known of it. */
export type RouteTable = (path: string) => KnownPath | undefined;

/** The API's own description, as far as it is asked which methods there are and what they answer. */
export interface DescribedPaths {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly content?: object }>> }>>
    >
  >;
}

/** Beside the API; all of them are read. */
const FIXED = ['/healthz', READINESS_PATH, DESCRIPTION_PATH];
/** To look at it would be to use up what somebody comes back from the provider with. */
const NOT_TO_LOOK_AT: ReadonlySet<string> = new Set([CALLBACK_PATH]);

/** The paths of the API, of sign-in, and of what is beside them, with their methods: `HEAD` goes with `GET`. */
export function createRouteTable({ paths }: DescribedPaths): RouteTable {
  const known = new Map<string, Map<string, readonly string[]>>();
  const add = (path: string, method: string, types: readonly string[]) => {
    const methods = known.get(path) ?? new Map<string, readonly string[]>();
    known.set(path, methods.set(method, types));
    if (method === 'GET' && !NOT_TO_LOOK_AT.has(path)) methods.set('HEAD', types);
  };
  for (const route of SIGN_IN_ROUTES.keys()) {
    const [method = '', path = ''] = route.split(' ');
    add(path, method, []);
  }
  for (const path of FIXED) add(path, 'GET', []);
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(operations))
      add(path, method.toUpperCase(), typesOf(responses));
  }
  const find = findTemplates(known.keys());
  return (path) => known.get(find(path) ?? '');
}

/** What it answers with where all goes well. */
function typesOf(responses: Readonly<Record<string, { readonly content?: object }>>): string[] {
  const right = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return right.flatMap(([, { content = {} }]) => Object.keys(content));
}
