import type { OpenAPIHono } from '@hono/zod-openapi';
import { API_PREFIX, PERSON_HEADER } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';

type Document = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;

interface Answer {
  readonly description: string;
  readonly content?: object;
  headers?: Readonly<Record<string, unknown>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const PARAMETERS = {
  Person: {
    name: PERSON_HEADER,
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description:
      'User id of the person that the caller takes itself for: `signed-in-as-another` where the session is another’s',
  },
  Language: {
    name: 'accept-language',
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description: 'The language of texts for people: German, or English where that is preferred',
  },
} as const;

const HEADERS = {
  'Content-Language': { description: 'Language of `title`', schema: { type: 'string', enum: ['de', 'en'] } },
  'Retry-After': { description: 'Seconds after which it may be tried again', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'How one signs in (RFC 9110)', schema: { type: 'string' } },
} satisfies NonNullable<Document['components']>['headers'];

const refer = (kind: 'headers' | 'parameters', name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** Adds to the description of the API what every route may be asked with and answer, which none of them says for itself. */
export function completeDocument(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    if (!path.startsWith(API_PREFIX)) continue;
    for (const method of METHODS) if (item[method]) completeOperation(item[method]);
  }
  const components = document.components ?? {};
  return { ...document, components: { ...components, parameters: PARAMETERS, headers: HEADERS } };
}

function completeOperation(operation: Operation): void {
  const { security } = operation;
  const responses = (operation.responses ?? {}) as Record<string, Answer>;
  const names = ['Language', ...(security ? ['Person'] : [])];
  operation.parameters = [...(operation.parameters ?? []), ...names.map((name) => refer('parameters', name))];
  // Every route describes how it refuses.
  for (const [status, description] of Object.entries(alsoAnswered(operation)))
    responses[status] ??= { ...responses['503'], description };
  for (const [status, answer] of Object.entries(responses)) {
    if (Number(status) < 400) continue;
    const said = ['Content-Language', ...(status === '401' ? ['WWW-Authenticate'] : [])];
    if (status === '429' || status === '503') said.push('Retry-After');
    answer.headers = { ...answer.headers, ...Object.fromEntries(said.map((name) => [name, refer('headers', name)])) };
  }
}

function alsoAnswered({ requestBody }: Operation): Readonly<Record<string, string>> {
  const takesJson = requestBody && 'content' in requestBody && 'application/json' in requestBody.content;
  return {
    400: 'The request cannot be read',
    ...(requestBody ? { 408: 'The body arrives too slowly' } : {}),
    ...(takesJson
      ? {
          413: 'The request is too large',
          415: 'The body is no `application/json`',
          422: 'A field is missing or has an invalid value',
        }
      : {}),
    429: 'More than one may ask for, at a time or in a time: `Retry-After` says when to try again',
    500: 'An error of the service',
  };
}
