/** A person whose session stands. */
export interface Identity {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly sessionId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}
