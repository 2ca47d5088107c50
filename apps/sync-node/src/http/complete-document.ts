import type { OpenAPIHono } from '@hono/zod-openapi';
import { PERSON_HEADER } from '@meldesync/protocol';
import type { ApiEnv } from './api-context.ts';
import { addExamples } from './api-examples.ts';
import { nameMoments, shareRefusals, shareSchemas } from './share-parts.ts';

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
  IfNoneMatch: {
    name: 'if-none-match',
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description: 'ETags of answers that the caller has: 304 where this one is among them (RFC 9110)',
  },
} as const;

const HEADERS = {
  'Content-Language': { description: 'Language of `title`', schema: { type: 'string', enum: ['de', 'en'] } },
  ETag: { description: 'Of what is answered; of a record its version', required: true, schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds after which it may be tried again', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { description: 'How one signs in (RFC 9110)', required: true, schema: { type: 'string' } },
} satisfies NonNullable<Document['components']>['headers'];

const refer = (kind: 'headers' | 'parameters', name: string) => ({ $ref: `#/components/${kind}/${name}` });

/**
 * Adds to the description of the API what every route may be asked with and answer, which none of them says for itself, and has stand once
 * what many of them share.
 */
export function completeDocument(document: Document): Document {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      operations.push(operation);
      operation.tags = [tagOf(path)];
      completeOperation(operation, method);
    }
  }
  addExamples(operations);
  nameMoments(document);
  const responses = shareRefusals(operations);
  const components = { ...document.components, parameters: PARAMETERS, headers: HEADERS, responses };
  return shareSchemas({ ...document, components }) as unknown as Document;
}

function completeOperation(operation: Operation, method: (typeof METHODS)[number]): void {
  const { security } = operation;
  const responses = (operation.responses ?? {}) as Record<string, Answer>;
  const names = ['Language', ...(security ? ['Person'] : []), ...(method === 'get' ? ['IfNoneMatch'] : [])];
  operation.parameters = [...(operation.parameters ?? []), ...names.map((name) => refer('parameters', name))];
  // Every route describes how it refuses.
  for (const [status, description] of Object.entries(alsoAnswered(operation)))
    responses[status] ??= { ...responses['503'], description };
  for (const [status, answer] of Object.entries(responses)) {
    if (Number(status) < 400) continue;
    const said = ['Content-Language', ...(status === '401' ? ['WWW-Authenticate'] : [])];
    if (status === '429' || status === '503') said.push('Retry-After');
    answer.headers = { ...answer.headers, ...headersNamed(said) };
  }
  const right = responses['200'];
  if (method !== 'get' || !right) return;
  const tagged = headersNamed(['ETag']);
  right.headers = { ...right.headers, ...tagged };
  responses['304'] = { description: 'It is what `if-none-match` names', headers: tagged };
}

function headersNamed(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, refer('headers', name)]));
}

function alsoAnswered({ requestBody, responses }: Operation): Readonly<Record<string, string>> {
  const takesJson = requestBody && 'content' in requestBody && 'application/json' in requestBody.content;
  const hasContent = Object.entries(responses ?? {}).some(
    ([status, answer]) => status.startsWith('2') && (answer as Answer).content,
  );
  return {
    400: 'The request cannot be read',
    ...(hasContent ? { 406: '`accept` names no form in which this is answered' } : {}),
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

/** By which tools put operations together. */
const TAGS: readonly (readonly [pattern: RegExp, tag: string])[] = [
  [/\/api\/auth\//, 'sign-in'],
  [/\/device-sign-ins\//, 'sign-in'],
  [/\/administration\//, 'administration'],
  [/\/(?:entry|set-up|invitations\/\w+|password-links\/\w+)$/, 'coming-in'],
  [/\/audit\//, 'audit'],
  [/\/operations(?:\/|$)/, 'operations'],
  [/\/me(?:\/|$)/, 'account'],
  [/\/workspaces\/\{workspace\}\/imports/, 'imports'],
  [/\/workspaces\/\{workspace\}\/locks/, 'locks'],
  [/\/workspaces\/\{workspace\}\/conflicts/, 'conflicts'],
];

function tagOf(path: string): string {
  return TAGS.find(([pattern]) => pattern.test(path))?.[1] ?? 'records';
}
