import { AsyncLocalStorage } from 'node:async_hooks';

/** What is found out about one request of the sign-in on its way through better-auth, which hands none of it on. */
export interface SignInFlow {
  /** The network address it comes from. */
  readonly address: string | null;
  /** Of who comes back from the provider. */
  idToken?: string;
  providerSession?: string;
  /** Where the provider ends its own session, for who signs out. */
  endSessionUrl?: string;
}

/** The flows of all requests that are under way. */
export class SignInFlows {
  readonly #flows = new AsyncLocalStorage<SignInFlow>();

  during<T>(request: Request, answer: () => Promise<T>): Promise<T> {
    return this.#flows.run({ address: request.headers.get('x-real-ip') }, answer);
  }

  /** Undefined for what does not come over HTTP. */
  current(): SignInFlow | undefined {
    return this.#flows.getStore();
  }
}
