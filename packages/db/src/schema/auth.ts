import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** The tables of better-auth, in a schema of their own; names and columns are that library's. */
export const authSchema = pgSchema('auth');

const createdAt = () => timestamp('created_at', { withTimezone: true }).notNull().defaultNow();
const updatedAt = () => timestamp('updated_at', { withTimezone: true }).notNull().defaultNow();

/** A point in time that may not have come. */
const moment = (name: string) => timestamp(name, { withTimezone: true });

/** An account: of a person, or of a program. */
export const user = authSchema.table(
  'user',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    email: text('email').notNull().unique(),
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** A program signs in with tokens that an administrator gave it, and in no other way. */
    kind: text('kind', { enum: ['person', 'service'] })
      .notNull()
      .default('person'),
    /** Administers the whole installation: workspaces and accounts. Opens no list by itself. */
    isInstallationAdmin: boolean('is_installation_admin').notNull().default(false),
    /** By whom it does: an administrator, or a group of the provider of single sign-on, with which it goes again. */
    adminSource: text('admin_source', { enum: ['manual', 'groups'] })
      .notNull()
      .default('manual'),
    /** From then on nobody signs in with it. */
    disabledAt: moment('disabled_at'),
    /** Of the demo, whose passwords everybody knows. */
    isDemo: boolean('is_demo').notNull().default(false),
    /**
     * Made by whoever held the link of an invitation that a workspace's administrator gave: neither the provider of single sign-on nor who
     * administers the installation has said that the address is theirs.
     */
    isAddressUnproven: boolean('is_address_unproven').notNull().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    check('user_kind', sql`${table.kind} in ('person', 'service')`),
    check('user_admin_source', sql`${table.adminSource} in ('manual', 'groups')`),
  ],
);

export const session = authSchema.table(
  'session',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    token: text('token').notNull().unique(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** How it is used: by a browser, by a terminal, or by a program. */
    kind: text('kind', { enum: ['browser', 'terminal', 'service'] })
      .notNull()
      .default('browser'),
    /** How the person proved who they are; null for the token of a program, and of the release before. */
    method: text('method', { enum: ['password', 'passkey', 'oidc', 'device'] }),
    /** What an administrator calls the token of a program. */
    label: text('label'),
    /** What it may do at most, whatever its account may. */
    maxRole: text('max_role', { enum: ['viewer', 'editor', 'admin'] }),
    /** The one workspace that it may be used for. */
    workspaceId: uuid('workspace_id'),
    /** Others use the same device: nothing is kept there, and it ends sooner. */
    isShared: boolean('is_shared').notNull().default(false),
    /** When the person was last there: they typed, clicked or touched. */
    lastInputAt: timestamp('last_input_at', { withTimezone: true }).notNull().defaultNow(),
    /** When they last proved who they are. */
    authenticatedAt: timestamp('authenticated_at', { withTimezone: true }).notNull().defaultNow(),
    /** Which of the keys of `AUTH_SECRET` it was begun with; null of the release before. */
    keyId: text('key_id'),
    /** What the provider of single sign-on calls its own session (`sid`); null where it gave none, and of other ways to sign in. */
    providerSession: text('provider_session'),
    /** The provider's ID token, which it asks for when somebody signs out there too; null of other ways to sign in. */
    providerToken: text('provider_token'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('session_user').on(table.userId),
    check('session_method', sql`${table.method} in ('password', 'passkey', 'oidc', 'device')`),
    check('session_kind', sql`${table.kind} in ('browser', 'terminal', 'service')`),
    check('session_max_role', sql`${table.maxRole} in ('viewer', 'editor', 'admin')`),
  ],
);

export const account = authSchema.table(
  'account',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: timestamp('access_token_expires_at', { withTimezone: true }),
    refreshTokenExpiresAt: timestamp('refresh_token_expires_at', { withTimezone: true }),
    scope: text('scope'),
    password: text('password'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [index('account_user').on(table.userId)],
);

export const verification = authSchema.table(
  'verification',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [index('verification_identifier').on(table.identifier)],
);

/** The second factor of an account: a secret of one-time passwords, and recovery codes, both encrypted. */
export const twoFactor = authSchema.table(
  'two_factor',
  {
    id: text('id').primaryKey(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    verified: boolean('verified').default(true),
    failedVerificationCount: integer('failed_verification_count').default(0),
    lockedUntil: moment('locked_until'),
    /** The one-time password that was used last: none is good twice. */
    lastCode: text('last_code'),
    lastCodeAt: moment('last_code_at'),
  },
  (table) => [index('two_factor_user').on(table.userId)],
);

/** The public halves of passkeys. */
export const passkey = authSchema.table(
  'passkey',
  {
    id: text('id').primaryKey(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    credentialID: text('credential_id').notNull().unique(),
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: boolean('backed_up').notNull(),
    transports: text('transports'),
    createdAt: moment('created_at').defaultNow(),
    aaguid: text('aaguid'),
  },
  (table) => [index('passkey_user').on(table.userId)],
);

/** Terminals that wait until somebody lets them in (RFC 8628); `deviceCode` holds the hash of what they ask by. */
export const deviceCode = authSchema.table('device_code', {
  id: text('id').primaryKey(),
  deviceCode: text('device_code').notNull().unique(),
  userCode: text('user_code').notNull().unique(),
  userId: text('user_id').references(() => user.id, { onDelete: 'cascade' }),
  expiresAt: moment('expires_at').notNull(),
  status: text('status').notNull(),
  lastPolledAt: moment('last_polled_at'),
  pollingInterval: integer('polling_interval'),
  clientId: text('client_id'),
  scope: text('scope'),
  /** What the terminal says it is, and from where it asked: who lets it in is shown both. */
  userAgent: text('user_agent'),
  ipAddress: text('ip_address'),
  /** In which it was let in: it opens nothing once that session has ended. No foreign key: sessions can be emptied at once. */
  sessionId: text('session_id'),
});
