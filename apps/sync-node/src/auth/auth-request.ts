import { AsyncLocalStorage } from 'node:async_hooks';
import type { Identity } from '../core/identity.ts';
import type { BegunTry, Guessable } from '../limits/tries.ts';

/** What is found out about a request on its way through better-auth, which hands none of it on. */
interface SignInFlow {
  /** The session in which somebody has let in the terminal that asks. */
  letInBy?: string;
  /** Of who comes back from the provider. */
  idToken?: string;
  providerSession?: string;
  /** A secret that was counted before it is looked at; whoever answers settles it. */
  tried?: { readonly secret: Guessable; readonly account: string; readonly begun: BegunTry };
  /** Where the provider ends its own session, for who signs out. */
  endSessionUrl?: string;
}

/** What is known of the request that better-auth answers, for what it does to sessions meanwhile. */
export interface AuthRequest {
  /** The network address it comes from. */
  readonly address: string | null;
  readonly headers: Headers;
  /** Whose session it carries, where that may ask better-auth. */
  readonly identity: Pick<Identity, 'userId' | 'sessionId' | 'email'> | undefined;
  /** Somebody signs in with it: a session that ends meanwhile waits for a second factor. */
  readonly isSigningIn: boolean;
  readonly flow: SignInFlow;
}

const requests = new AsyncLocalStorage<AuthRequest>();

/** Runs what answers the request. */
export function withAuthRequest<Result>(request: AuthRequest, answer: () => Promise<Result>): Promise<Result> {
  return requests.run(request, answer);
}

/** The request that is answered; undefined where better-auth is used without one. */
export function askedOf(): AuthRequest | undefined {
  return requests.getStore();
}
