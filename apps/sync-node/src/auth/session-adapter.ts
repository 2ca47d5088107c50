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
/** The column of each table that holds the hash of a secret (`hashToken`), where better-auth means the secret. */
const HASHED: Readonly<Record<string, string>> = { [SESSION]: 'token', deviceCode: 'deviceCode' };

/**
 * better-auth's adapter with two changes. Tables hold hashes of the tokens of sessions and of the codes by which terminals ask for theirs:
 * what better-auth looks for is hashed, and what it finds by a secret has that secret. And whenever a session begins or ends, that is
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
        const field = HASHED[input.model];
        if (field === undefined) return inner.create(input);
        const given: Record<string, unknown> = input.data;
        const secret = String(given[field]);
        const hashed = { ...input, data: { ...input.data, [field]: hashToken(secret) } };
        if (input.model !== SESSION) {
          const made: object = await inner.create(hashed);
          return { ...made, [field]: secret } as never;
        }
        return within(async (tx, one) => {
          const made = await one.create(hashed);
          await recordStart(tx, made as unknown as StoredSession);
          return { ...made, [field]: secret } as never;
        });
      },
      findOne: async (input) => unhashed(await inner.findOne(hashedWhere(input)), input),
      findMany: (input) => inner.findMany(hashedWhere(input)),
      count: (input) => inner.count(hashedWhere(input)),
      update: async (input) => unhashed(await inner.update(hashedWhere(input)), input),
      updateMany: (input) => inner.updateMany(hashedWhere(input)),
      delete: async (input) => {
        if (input.model === SESSION) await endSessions(within, hashedWhere(input).where);
        else await inner.delete(hashedWhere(input));
      },
      deleteMany: (input) =>
        input.model === SESSION ? endSessions(within, hashedWhere(input).where) : inner.deleteMany(hashedWhere(input)),
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

/** The same question with hashes in the place of secrets. */
function hashedWhere<Input extends { readonly model: string; readonly where?: Where[] | undefined }>(
  input: Input,
): Input & { where: Where[] } {
  const where = input.where ?? [];
  const hashed = HASHED[input.model];
  if (hashed === undefined) return { ...input, where };
  return {
    ...input,
    where: where.map((one) => (one.field === hashed ? { ...one, value: hashedValue(one.value) } : one)),
  };
}

function hashedValue(value: Where['value']): Where['value'] {
  if (typeof value === 'string') return hashToken(value);
  if (Array.isArray(value)) return value.map((one) => hashToken(String(one)));
  throw new Error('a secret is looked for by something that is none');
}

/** What was found by a secret, with that secret. */
function unhashed<Row>(
  row: Row | null,
  { model, where }: { readonly model: string; readonly where?: Where[] | undefined },
): Row | null {
  const hashed = HASHED[model];
  if (row === null || hashed === undefined) return row;
  const secret = where?.find(({ field }) => field === hashed)?.value;
  return typeof secret === 'string' ? { ...row, [hashed]: secret } : row;
}
