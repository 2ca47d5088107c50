import { type Executor, recordSessionEvent } from '@meldesync/db';
import type { BetterAuthOptions, DBAdapter, Where } from 'better-auth';
import { askedOf } from './auth-request.ts';
import { hashToken } from './session-tokens.ts';

type MakeAdapter = (executor: Executor) => (options: BetterAuthOptions) => DBAdapter;

/** What better-auth knows of a session that it keeps. */
interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly token: string;
  readonly kind?: string;
  readonly isShared?: boolean;
}

const SESSION = 'session';

/**
 * better-auth's adapter with two changes, both of sessions. The table holds the hash of a token (`hashToken`) where better-auth means
 * the token: what it looks for is hashed, and what it finds by a token has that token. And whenever one begins or ends, that is
 * written in the same transaction (R5.1).
 */
export function sessionAdapter(executor: Executor, make: MakeAdapter): (options: BetterAuthOptions) => DBAdapter {
  return (options) => {
    const inner = make(executor)(options);
    const within = <Result>(work: (tx: Executor, adapter: DBAdapter) => Promise<Result>): Promise<Result> =>
      executor.transaction((tx) => work(tx, make(tx)(options)));
    const adapter: DBAdapter = {
      ...inner,
      create: async (input) => {
        if (input.model !== SESSION) return inner.create(input);
        const { token } = input.data as unknown as StoredSession;
        return within(async (tx, one) => {
          const made = await one.create({ ...input, data: { ...input.data, token: hashToken(token) } });
          await recordStart(tx, made as unknown as StoredSession);
          return { ...made, token } as never;
        });
      },
      findOne: async (input) => unhashed(await inner.findOne(hashedWhere(input)), input),
      findMany: (input) => inner.findMany(hashedWhere(input)),
      count: (input) => inner.count(hashedWhere(input)),
      update: async (input) => unhashed(await inner.update(hashedWhere(input)), input),
      updateMany: (input) => inner.updateMany(hashedWhere(input)),
      delete: async (input) => {
        if (input.model === SESSION) await endSessions(within, hashedWhere(input).where);
        else await inner.delete(input);
      },
      deleteMany: (input) =>
        input.model === SESSION ? endSessions(within, hashedWhere(input).where) : inner.deleteMany(input),
      consumeOne: async (input) => unhashed(await inner.consumeOne(hashedWhere(input)), input),
      incrementOne: async (input) => unhashed(await inner.incrementOne(hashedWhere(input)), input),
      // What better-auth does in one go it does one after the other, as without this adapter.
      transaction: (work) => work(adapter),
    };
    return adapter;
  };
}

type Within = <Result>(work: (tx: Executor, adapter: DBAdapter) => Promise<Result>) => Promise<Result>;

function recordStart(tx: Executor, { id, userId, kind, isShared }: StoredSession): Promise<void> {
  return recordSessionEvent(
    tx,
    { actor: `user:${userId}`, sessionId: id, address: askedOf()?.address ?? null },
    { kind: 'session-started', subject: { sessionId: id }, after: { user: userId, kind, isShared } },
  );
}

/** Ends sessions as better-auth wants it: at the wish of whose they are, or because a second factor is still to come. */
function endSessions(within: Within, where: Where[]): Promise<number> {
  const asked = askedOf();
  return within(async (tx, adapter) => {
    const ended = await adapter.findMany<StoredSession>({ model: SESSION, where });
    for (const { id, userId, kind } of ended) {
      await adapter.deleteMany({ model: SESSION, where: [{ field: 'id', value: id }] });
      await recordSessionEvent(
        tx,
        { actor: `user:${userId}`, sessionId: id, address: asked?.address ?? null },
        {
          kind: 'session-ended',
          subject: { sessionId: id },
          before: { user: userId, kind },
          ...(asked?.isSigningIn && { after: { because: 'second-factor' } }),
        },
      );
    }
    return ended.length;
  });
}

/** The same question with hashes in the place of tokens. */
function hashedWhere<Input extends { readonly model: string; readonly where?: Where[] | undefined }>(
  input: Input,
): Input & { where: Where[] } {
  const where = input.where ?? [];
  if (input.model !== SESSION) return { ...input, where };
  return {
    ...input,
    where: where.map((one) => (one.field === 'token' ? { ...one, value: hashedValue(one.value) } : one)),
  };
}

function hashedValue(value: Where['value']): Where['value'] {
  if (typeof value === 'string') return hashToken(value);
  if (Array.isArray(value)) return value.map((one) => hashToken(String(one)));
  throw new Error('a token is looked for by something that is none');
}

/** What was found by a token, with that token. */
function unhashed<Row>(
  row: Row | null,
  { model, where }: { readonly model: string; readonly where?: Where[] | undefined },
): Row | null {
  if (row === null || model !== SESSION) return row;
  const token = where?.find(({ field }) => field === 'token')?.value;
  return typeof token === 'string' ? { ...row, token } : row;
}
