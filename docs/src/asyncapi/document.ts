import { CLOSE_RULES, MAX_UP_MESSAGE_BYTES, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import downVectors from '../../../packages/protocol/vectors/down.json' with { type: 'json' };
import upVectors from '../../../packages/protocol/vectors/up.json' with { type: 'json' };
import { DOWN_MESSAGES, UP_MESSAGES } from './messages.ts';
import { type Json, messageSchemas, schemaName } from './schemas.ts';

interface Vector {
  readonly name: string;
  readonly message: { readonly type: string };
}

/** At most this many examples a message; all of them are in `vectors/`. */
const EXAMPLES = 2;

const VECTORS = [...upVectors.valid, ...downVectors.valid] as readonly Vector[];

/**
 * The WebSocket protocol as an AsyncAPI 3 document, of the node's side: it receives what clients send. Made of the schemas that
 * node and client read messages by, of the table of close codes and of the test vectors.
 */
export function asyncApiDocument(version: string): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'MeldeSync',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      node: {
        host: '{host}',
        protocol: 'wss',
        description: 'A node, or what balances several. Without TLS in front, `ws`.',
        variables: { host: { description: 'The host of the address that people open.' } },
        security: [{ $ref: '#/components/securitySchemes/session' }, { $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: { sync: channel() },
    operations: { ...receiving(), ...sending() },
    components: {
      messages: { ...describe(UP_MESSAGES), ...describe(DOWN_MESSAGES) },
      schemas: messageSchemas(),
      securitySchemes: {
        session: {
          type: 'httpApiKey',
          in: 'cookie',
          name: 'meldesync.session_token',
          description:
            'The session of a browser, from a page of the same origin (P2); `__Host-meldesync.session_token` over TLS.',
        },
        token: { type: 'http', scheme: 'bearer', description: 'A token of a terminal or a program (P56).' },
      },
    },
  };
}

const DESCRIPTION = `How a client keeps a copy of one workspace's records current and edits them. The rules that the messages name (P1, P2, …) are
those of PROTOCOL.md, which says what to do when; this document says what a message looks like. What goes over HTTP, the snapshot
among it, is described by \`/api/openapi.json\` of a running node. A reader ignores a \`type\` and fields that it does not know (P3).
`;

function channel(): Json {
  return {
    address: SYNC_PATH,
    title: 'The feed of a workspace',
    description: `One connection follows one workspace. Messages are JSON texts; one of a client has at most ${MAX_UP_MESSAGE_BYTES} bytes (P24).`,
    messages: Object.fromEntries(
      [...Object.keys(UP_MESSAGES), ...Object.keys(DOWN_MESSAGES)].map((type) => [
        type,
        { $ref: `#/components/messages/${type}` },
      ]),
    ),
    bindings: {
      ws: {
        method: 'GET',
        headers: {
          type: 'object',
          properties: { 'Sec-WebSocket-Protocol': { type: 'string', const: SUBPROTOCOL } },
          required: ['Sec-WebSocket-Protocol'],
        },
        bindingVersion: '0.1.0',
      },
    },
    'x-close-codes': Object.values(CLOSE_RULES).map(({ code, by, meaning, client, freesLocks }) => ({
      code,
      by,
      meaning,
      client,
      freesLocks,
    })),
  };
}

/** @returns what the node receives, each with its answers */
function receiving(): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(UP_MESSAGES).map(([type, { says, answers }]) => [
      `receive-${type}`,
      {
        action: 'receive',
        summary: says,
        ...inChannel([type]),
        ...(answers.length > 0 ? { reply: inChannel(answers) } : {}),
      },
    ]),
  );
}

/** @returns what the node sends without being asked */
function sending(): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(DOWN_MESSAGES)
      .filter(([, { isAnswer }]) => !isAnswer)
      .map(([type, { says }]) => [`send-${type}`, { action: 'send', summary: says, ...inChannel([type]) }]),
  );
}

function inChannel(types: readonly string[]) {
  return {
    channel: { $ref: '#/channels/sync' },
    messages: types.map((type) => ({ $ref: `#/channels/sync/messages/${type}` })),
  };
}

function describe(messages: typeof UP_MESSAGES | typeof DOWN_MESSAGES): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(messages).map(([type, { says, rules }]) => [
      type,
      {
        name: type,
        summary: says,
        description: `Rules: ${rules.join(', ')}.`,
        payload: { $ref: `#/components/schemas/${schemaName(type)}` },
        examples: VECTORS.filter(({ message }) => message.type === type)
          .slice(0, EXAMPLES)
          .map(({ name, message }) => ({ summary: name, payload: message as Json })),
      },
    ]),
  );
}
