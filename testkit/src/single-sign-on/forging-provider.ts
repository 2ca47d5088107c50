import { createServer } from 'node:http';
import type { NodeConfig } from '@meldesync/sync-node';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { freePort } from '../free-port.ts';
import { DEFAULTS } from './test-provider.ts';

/** A provider that hands out whatever ID token it is told to. */
export interface ForgingProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly config: NonNullable<NodeConfig['oidc']>;
  /** What the next exchange of a code gives; nothing more where it is undefined. */
  idToken: string | undefined;
  /** What it says of itself beside what is needed. */
  description: Record<string, unknown>;
  /** Where it leads who asks for a path, by 307; it answers itself where that is undefined. */
  leadElsewhere: (path: string) => string | undefined;
  /** What it was sent to exchange codes. */
  readonly exchanges: URLSearchParams[];
  /** Claims signed with its key, or another one that only looks like it. */
  sign(claims: JWTPayload, options?: { isForged?: boolean; type?: string }): Promise<string>;
}

const KEY_ID = 'the-key';

/** Starts one. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  const exchanges: URLSearchParams[] = [];
  const provider = {
    issuer,
    config: { ...DEFAULTS, issuer, clientId: 'meldesync', clientSecret: 'secret' },
    idToken: undefined as string | undefined,
    description: {} as Record<string, unknown>,
    leadElsewhere: (_path: string): string | undefined => undefined,
    exchanges,
    sign: (claims: JWTPayload, { isForged = false, type = 'JWT' } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, typ: type })
        .sign((isForged ? foreign : own).privateKey),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const answers: Record<string, (body: string) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
      ...provider.description,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': (body) => {
      exchanges.push(new URLSearchParams(body));
      return { access_token: 'a', token_type: 'Bearer', ...(provider.idToken ? { id_token: provider.idToken } : {}) };
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const location = provider.leadElsewhere(request.url ?? '');
      if (location !== undefined) return response.writeHead(307, { location }).end();
      const answer = answers[request.url ?? ''];
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(answer?.(Buffer.concat(chunks).toString()) ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return provider;
}
