// Every setting of MeldeSync, each in one place: what it may be, who reads it, what holds without it, and what it means. Plain
// data without a dependency, because `npm start` reads it before any package is installed.

/**
 * What a setting may be; `min` and `max` belong to it.
 * @typedef {{ kind: 'text', minLength?: number, pattern?: string, says?: string }
 *   | { kind: 'integer', min: number, max?: number, unit?: 'bytes' | 'ms' }
 *   | { kind: 'number', above: number, max: number, unit?: 'h' }
 *   | { kind: 'port', min: 0 | 1 }
 *   | { kind: 'choice', values: readonly string[] }
 *   | { kind: 'address' }
 *   | { kind: 'origin' }
 *   | { kind: 'connection', schemes: readonly string[] }
 *   | { kind: 'connections', schemes: readonly string[], isOdd: boolean }
 *   | { kind: 'origins' }
 *   | { kind: 'networks' }
 *   | { kind: 'groups' }
 *   | { kind: 'texts', minLength: number }
 *   | { kind: 'limits', most: number, unit?: 'bytes' | 'ms' | 's' | '%' }} Form
 */

/**
 * Who reads a setting: the processes, the programs that prepare the database, and the commands of this checkout.
 * @typedef {'node' | 'relay' | 'worker' | 'migrate' | 'seed' | 'setup' | 'commands'} Program
 */

/**
 * How a program uses a setting. `fallback` is the value that holds without it; `without` says in words what does, where that is
 * no value. With neither the setting must be given. Where one of `needs` is given all of them must be, and so must all
 * that it `belongsTo` where a setting is given another value than its fallback.
 * @typedef {{ meaning: string, fallback?: string | number, without?: string, needs?: readonly string[], belongsTo?: readonly string[] }} Use
 */

/**
 * One that `isSecret` can also be given to the programs as a file: `NAME_FILE` holds its path.
 * @typedef {Form & { isSecret?: true, uses: { readonly [Name in Program]?: Use } }} Setting
 */

const MEBIBYTE = 1024 * 1024;

/** @type {readonly ['postgres', 'postgresql']} */
const POSTGRES = ['postgres', 'postgresql'];
/** @type {readonly ['redis', 'rediss']} */
const REDIS = ['redis', 'rediss'];

/**
 * The same for all processes that run on their own.
 * @template {Use} const T
 * @param {T} use
 */
const byProcesses = (use) => ({ node: use, relay: use, worker: use });

/**
 * From which values on work is saved.
 * @param {string} fallback
 * @param {string} value
 */
const levelLimits = (fallback, value) => ({
  node: { fallback, meaning: `from which ${value} on work is saved: at the levels reduced, minimal, manual` },
});

const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'];
const SINGLE_SIGN_ON = '; the three together switch single sign-on on';

/** In the order in which they are documented. @satisfies {Readonly<Record<string, Setting>>} */
export const SETTINGS = /** @type {const} */ ({
  PORT: {
    kind: 'port',
    min: 0,
    uses: {
      commands: { fallback: 8080, meaning: 'The one port of web app, API and WebSocket.' },
      node: { fallback: 8080, meaning: 'port of web app, API and WebSocket; 0 takes a free one' },
    },
  },
  HOST: {
    kind: 'text',
    uses: {
      commands: {
        without: '`127.0.0.1` with the demo, else `0.0.0.0`',
        meaning: 'Where the nodes listen. With the demo, whose passwords everybody knows, this machine alone.',
      },
      node: { fallback: '0.0.0.0', meaning: 'where it listens' },
    },
  },
  BASE_URL: {
    kind: 'origin',
    uses: {
      commands: {
        without: 'http://localhost:$PORT',
        meaning: 'The address that people open; sign-in accepts no other.',
      },
      node: { meaning: 'the address that people open; sign-in accepts no other' },
      setup: { meaning: 'that of the nodes' },
    },
  },
  DATA_DIR: {
    kind: 'text',
    uses: {
      commands: { fallback: '.data', meaning: 'Where data, logs and generated secrets are kept between starts.' },
    },
  },
  CLUSTER_CERTIFICATE: {
    kind: 'text',
    uses: {
      commands: {
        without: 'no TLS',
        meaning:
          'File with certificate and key for the HAProxy of `npm run cluster`; `BASE_URL` then begins with `https://`.',
      },
    },
  },
  DATABASE_URL: {
    kind: 'connection',
    isSecret: true,
    schemes: POSTGRES,
    uses: {
      commands: {
        without: 'its own PostgreSQL',
        meaning: 'A PostgreSQL to use instead: a role that may create roles and replicate, `wal_level=logical`.',
      },
      node: { meaning: 'Postgres, as `meldesync_app`' },
      relay: { meaning: 'Postgres, as `meldesync_relay`, or as the owner of the tables with REPLICATION' },
      worker: { meaning: 'Postgres, as `meldesync_worker`' },
      migrate: { meaning: 'Postgres, as the owner of the tables' },
      seed: { meaning: 'Postgres, as `meldesync_auth`' },
      setup: { meaning: 'Postgres, as `meldesync_auth`' },
    },
  },
  AUTH_DATABASE_URL: {
    kind: 'connection',
    isSecret: true,
    schemes: POSTGRES,
    uses: {
      node: {
        without: 'that of `DATABASE_URL`, for one release more',
        meaning: 'Postgres, as `meldesync_auth`: sessions, passwords and second factors, and who may what',
      },
    },
  },
  POSTGRES_PORT: {
    kind: 'port',
    min: 1,
    uses: { commands: { without: 'a free one, kept', meaning: 'The local port of its own PostgreSQL.' } },
  },
  REDIS_URL: {
    kind: 'connection',
    isSecret: true,
    schemes: REDIS,
    uses: {
      commands: { without: 'its own Redis', meaning: 'A Redis or Valkey 7 or newer to use instead.' },
      ...byProcesses({ meaning: 'Redis or Valkey' }),
    },
  },
  REDIS_CA_FILE: {
    kind: 'text',
    uses: byProcesses({
      without: 'those that the machine trusts',
      meaning:
        'file with the authority that signs the certificates of Redis, in PEM; `REDIS_URL` then begins with `rediss://`',
    }),
  },
  REDIS_PORT: {
    kind: 'port',
    min: 1,
    uses: { commands: { without: 'a free one, kept', meaning: 'The local port of its own Redis.' } },
  },
  REDIS_SERVER_BIN: {
    kind: 'text',
    uses: { commands: { without: 'found on the PATH', meaning: 'The program that runs as its own Redis.' } },
  },
  REDIS_PREFIX: {
    kind: 'text',
    pattern: '^[A-Za-z0-9_.:-]{1,64}$',
    says: '1 to 64 of A–Z, a–z, 0–9 and _ . : -',
    uses: byProcesses({ fallback: 'meldesync', meaning: 'the first part of every key in Redis' }),
  },
  LOCK_REDIS_URLS: {
    kind: 'connections',
    isSecret: true,
    schemes: REDIS,
    isOdd: true,
    uses: {
      node: {
        without: 'the one of `REDIS_URL`',
        meaning: 'independent Redis masters that grant record locks, an odd number, separated by commas',
      },
    },
  },
  AUTH_SECRET: {
    kind: 'text',
    isSecret: true,
    minLength: 32,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Signs sessions.' },
      node: { meaning: 'signs sessions; at least 32 characters, the same on every node' },
    },
  },
  AUTH_SECRET_PREVIOUS: {
    kind: 'texts',
    isSecret: true,
    minLength: 32,
    uses: {
      node: {
        without: 'none',
        meaning:
          'further secrets whose sessions are kept, separated by commas; those that are used are signed anew with `AUTH_SECRET`, ' +
          'and a secret that is in neither ends its sessions',
      },
    },
  },
  SESSION_IDLE_HOURS: {
    kind: 'integer',
    min: 1,
    max: 168,
    uses: { node: { fallback: 12, meaning: 'hours without input of its person after which a session ends' } },
  },
  SESSION_SHARED_IDLE_MINUTES: {
    kind: 'integer',
    min: 1,
    max: 720,
    uses: {
      node: { fallback: 30, meaning: 'the same on a device that others use too, in minutes' },
    },
  },
  SESSION_MAX_DAYS: {
    kind: 'integer',
    min: 1,
    max: 30,
    uses: { node: { fallback: 7, meaning: 'days after which a session ends whatever happens; nothing prolongs it' } },
  },
  APP_DB_PASSWORD: {
    kind: 'text',
    isSecret: true,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Password of the database role `meldesync_app`.' },
      migrate: { meaning: 'password of the database role `meldesync_app`' },
    },
  },
  AUTH_DB_PASSWORD: {
    kind: 'text',
    isSecret: true,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Password of the database role `meldesync_auth`.' },
      migrate: {
        without: 'it cannot sign in',
        meaning: 'password of the database role `meldesync_auth`, as which nodes let people in and administer',
      },
    },
  },
  WORKER_DB_PASSWORD: {
    kind: 'text',
    isSecret: true,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Password of the database role `meldesync_worker`.' },
      migrate: {
        without: 'it cannot sign in',
        meaning: 'password of the database role `meldesync_worker`, which may import and knows nobody’s sign-in',
      },
    },
  },
  RELAY_DB_PASSWORD: {
    kind: 'text',
    isSecret: true,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Password of the database role `meldesync_relay`.' },
      migrate: {
        without: 'it cannot sign in',
        meaning:
          'password of the database role `meldesync_relay`, which follows the log and keeps where the feed stands',
      },
    },
  },
  AUDITOR_DB_PASSWORD: {
    kind: 'text',
    isSecret: true,
    uses: {
      migrate: {
        without: 'it cannot sign in',
        meaning: 'password of the database role `meldesync_auditor`, which reads records and what happened to them',
      },
    },
  },
  MIGRATIONS_DIR: {
    kind: 'text',
    uses: { migrate: { without: '`migrations` beside the program', meaning: 'folder of the migrations' } },
  },
  SEED_DEMO: {
    kind: 'choice',
    values: ['0', '1'],
    uses: {
      commands: {
        fallback: '1',
        meaning:
          '`0` leaves the demo out: its accounts are disabled and signed out, and the first start prints a link to set up.',
      },
      seed: { fallback: '1', meaning: '`0` disables the accounts of the demo and signs them out' },
    },
  },
  NODE_NAME: {
    kind: 'text',
    uses: {
      node: { fallback: 'node-1', meaning: 'name in logs and metrics' },
      relay: { fallback: 'relay', meaning: 'name in logs and metrics' },
      worker: { fallback: 'worker', meaning: 'name in logs and metrics' },
    },
  },
  ADMIN_PORT: {
    kind: 'port',
    min: 0,
    uses: byProcesses({
      fallback: 0,
      meaning: 'port of `/metrics`, `/healthz`, `/readyz` on `ADMIN_HOST`; 0 takes a free one',
    }),
  },
  ADMIN_HOST: {
    kind: 'text',
    uses: byProcesses({
      fallback: '127.0.0.1',
      meaning:
        'where the admin port listens; another address than this machine’s own is for a network of containers that lets in only Prometheus',
    }),
  },
  LOG_LEVEL: {
    kind: 'choice',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    uses: {
      commands: { fallback: 'info', meaning: '`debug`, `info`, `warn`, `error` or `silent`.' },
      ...byProcesses({ fallback: 'info', meaning: '`debug`, `info`, `warn`, `error` or `silent`' }),
    },
  },
  LOG_FORMAT: {
    kind: 'choice',
    values: ['json', 'pretty'],
    uses: {
      commands: { fallback: 'pretty', meaning: '`pretty` for people, `json` for programs.' },
      ...byProcesses({ fallback: 'json', meaning: '`pretty` for people, `json` for programs' }),
    },
  },
  NO_COLOR: { kind: 'text', uses: { commands: { without: '–', meaning: 'Set to anything: no colours.' } } },
  CHROMIUM_PATH: {
    kind: 'text',
    uses: { commands: { without: 'found on the PATH', meaning: 'The browser of the tests.' } },
  },
  TEST_DATABASE_URL: {
    kind: 'connection',
    schemes: POSTGRES,
    uses: {
      commands: {
        without: 'its own PostgreSQL',
        meaning: 'A PostgreSQL for the tests: a superuser, who makes a database for each.',
      },
    },
  },
  TEST_REDIS_URL: {
    kind: 'connection',
    schemes: REDIS,
    uses: { commands: { without: 'its own Redis', meaning: 'A Redis for the tests.' } },
  },
  TRUSTED_ORIGINS: {
    kind: 'origins',
    uses: { node: { without: 'none', meaning: 'further origins whose pages may call, separated by commas' } },
  },
  TRUSTED_PROXIES: {
    kind: 'networks',
    uses: {
      node: {
        without: 'none',
        meaning:
          'addresses and networks of the balancers in front, separated by commas: from them alone `X-Forwarded-For` is believed, up to the last hop that is none of them',
      },
    },
  },
  WEB_DIR: { kind: 'text', uses: { node: { without: 'none', meaning: 'folder of the built web app' } } },
  DATABASE_POOL: {
    kind: 'integer',
    min: 2,
    max: 200,
    uses: { node: { fallback: 10, meaning: 'connections to Postgres' } },
  },
  PERSON_CONNECTIONS: {
    kind: 'integer',
    min: 1,
    uses: {
      node: {
        fallback: 50,
        meaning:
          'connections that one person may have at a node, with all windows and terminals; a tenth of them may send as much as one alone may',
      },
    },
  },
  AUTH_DATABASE_POOL: {
    kind: 'integer',
    min: 1,
    max: 200,
    uses: { node: { fallback: 5, meaning: 'connections to Postgres for signing in and administering, beside those' } },
  },
  OIDC_ISSUER: {
    kind: 'address',
    uses: {
      node: {
        without: 'none',
        needs: OIDC,
        meaning: `address of the OpenID Connect provider, as it names itself as issuer${SINGLE_SIGN_ON}`,
      },
    },
  },
  OIDC_CLIENT_ID: {
    kind: 'text',
    uses: { node: { without: 'none', needs: OIDC, meaning: `MeldeSync’s client id there${SINGLE_SIGN_ON}` } },
  },
  OIDC_CLIENT_SECRET: {
    kind: 'text',
    isSecret: true,
    uses: { node: { without: 'none', needs: OIDC, meaning: `its secret${SINGLE_SIGN_ON}` } },
  },
  OIDC_NAME: {
    kind: 'text',
    pattern: '^.{1,60}$',
    says: '1 to 60 characters',
    uses: {
      node: {
        fallback: 'Single Sign-on',
        belongsTo: OIDC,
        meaning: 'what the button of single sign-on calls the provider',
      },
    },
  },
  OIDC_SCOPES: {
    kind: 'text',
    pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*$',
    says: 'scopes, separated by spaces',
    uses: {
      node: {
        fallback: 'openid profile email',
        belongsTo: OIDC,
        meaning: 'what the provider is asked for; `openid` is always among it',
      },
    },
  },
  OIDC_GROUPS_CLAIM: {
    kind: 'text',
    uses: {
      node: { fallback: 'groups', belongsTo: OIDC, meaning: 'claim in which the provider names a person’s groups' },
    },
  },
  OIDC_GROUPS: {
    kind: 'groups',
    uses: {
      node: {
        without: 'none',
        belongsTo: OIDC,
        meaning:
          'which groups of the provider give which role in which workspace, such as `gm-admins=Humangenetik:admin,gm-team=Humangenetik:editor`; a backslash before `,`, `=` or `:` takes it as it is',
      },
    },
  },
  OIDC_ADMIN_GROUP: {
    kind: 'text',
    uses: {
      node: {
        without: 'none',
        belongsTo: OIDC,
        meaning: 'group of the provider whose people administer the installation',
      },
    },
  },
  OIDC_JUST_IN_TIME: {
    kind: 'choice',
    values: ['on', 'off'],
    uses: {
      node: {
        fallback: 'off',
        belongsTo: OIDC,
        meaning:
          '`on`: whoever the provider lets in has an account from their first sign-in on; with groups set, only whose group is named',
      },
    },
  },
  OIDC_LINK: {
    kind: 'choice',
    values: ['verified', 'trusted', 'off'],
    uses: {
      node: {
        fallback: 'verified',
        belongsTo: OIDC,
        meaning:
          'when the e-mail address leads to an account or an invitation: `verified`, when the provider says that it is; `trusted`, also when the provider says nothing about it; `off`, never',
      },
    },
  },
  OIDC_LOGOUT: {
    kind: 'choice',
    values: ['on', 'off'],
    uses: {
      node: {
        fallback: 'on',
        belongsTo: OIDC,
        meaning: '`on`: who signs out is signed out at the provider too, where it offers that',
      },
    },
  },
  PASSWORDS: {
    kind: 'choice',
    values: ['on', 'off', 'administrators'],
    uses: {
      node: {
        fallback: 'on',
        belongsTo: OIDC,
        meaning:
          'who may sign in with a password: everybody, nobody, or only who administers the installation, should the provider be away',
      },
    },
  },
  SIGN_IN_SECOND_FACTOR: {
    kind: 'choice',
    values: ['optional', 'required'],
    uses: {
      node: {
        fallback: 'optional',
        meaning:
          '`required`: who signs in with a password needs a one-time code or a passkey as well, and sets one up before anything else',
      },
    },
  },
  TLS_CERTIFICATE_FILE: {
    kind: 'text',
    uses: {
      node: {
        without: 'none',
        meaning:
          'PEM file with the certificate of the HTTPS in front, where this machine has it: its end is told beforehand, as that of the one which `BASE_URL` shows',
      },
    },
  },
  REPLICATION_SLOT: {
    kind: 'text',
    pattern: '^[a-z0-9_]{1,63}$',
    says: '1 to 63 of a–z, 0–9 and _',
    uses: { relay: { fallback: 'meldesync', meaning: 'name of the slot, one for each database' } },
  },
  HOLD_BACK_MS: {
    kind: 'integer',
    min: 1_000,
    unit: 'ms',
    uses: {
      relay: {
        fallback: 120_000,
        meaning: 'how long positions stay unconfirmed, so that Redis can be filled again',
      },
    },
  },
  STREAM_LENGTH: {
    kind: 'integer',
    min: 1_000,
    uses: {
      relay: {
        fallback: 200_000,
        meaning: "about how many frames a workspace's stream keeps: who was away for longer takes a snapshot",
      },
    },
  },
  STREAM_BYTES: {
    kind: 'integer',
    min: MEBIBYTE,
    unit: 'bytes',
    uses: { relay: { fallback: 256 * MEBIBYTE, meaning: "about how much a workspace's stream keeps" } },
  },
  STREAM_TOTAL_BYTES: {
    kind: 'integer',
    min: MEBIBYTE,
    unit: 'bytes',
    uses: {
      relay: {
        fallback: 2_048 * MEBIBYTE,
        meaning:
          "how much the streams of all workspaces keep; the oldest frames go first, also where Redis' own memory is nearly used up",
      },
    },
  },
  STREAM_AGE_HOURS: {
    kind: 'number',
    above: 0,
    max: 24 * 365,
    unit: 'h',
    uses: { relay: { fallback: 24, meaning: 'how long a frame is kept at most' } },
  },
  RANGE_THRESHOLD: {
    kind: 'integer',
    min: 1,
    uses: {
      relay: {
        fallback: 100,
        meaning: 'transactions with more changes than this are pulled by clients instead of pushed to them',
      },
    },
  },
  IMPORT_MAX_BYTES: {
    kind: 'integer',
    min: 1_024,
    unit: 'bytes',
    uses: { node: { fallback: 32 * MEBIBYTE, meaning: 'largest file an import takes' } },
  },
  IMPORT_MAX_WAITING: {
    kind: 'integer',
    min: 2,
    uses: {
      node: {
        fallback: 1_000,
        meaning: 'files of a workspace that may wait for their import, half of them of one person',
      },
    },
  },
  IMPORT_MAX_WAITING_BYTES: {
    kind: 'integer',
    min: 1_024,
    unit: 'bytes',
    uses: { node: { fallback: 1_024 * MEBIBYTE, meaning: 'their size together' } },
  },
  IMPORT_CONCURRENCY: {
    kind: 'integer',
    min: 1,
    max: 32,
    uses: {
      worker: {
        fallback: 2,
        meaning: 'batches of files worked through at a time; more files than that take turns',
      },
    },
  },
  IMPORT_MAX_REJECTED: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    uses: { worker: { fallback: 1_000, meaning: 'a file with more rejected rows is refused as a whole' } },
  },
  IMPORT_MAX_WARNED: {
    kind: 'integer',
    min: 0,
    max: 1_000_000,
    uses: {
      worker: {
        fallback: 10_000,
        meaning: 'rows with warnings kept of a file; further ones are only counted',
      },
    },
  },
  SWEEP_INTERVAL_MS: {
    kind: 'integer',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    uses: {
      worker: {
        fallback: 20_000,
        meaning: 'pause between two looks for records that were written past the triggers; 0 looks for none',
      },
    },
  },
  AUDIT_ARCHIVE_FOLDER: {
    kind: 'text',
    uses: {
      worker: {
        without: 'none',
        meaning:
          'folder into which changes and events are written, with what proves them, before retention lets them go from the database; the same for all workers, and there already. Without it they stay, unless `RETENTION_WITHOUT_ARCHIVE` says otherwise',
      },
    },
  },
  RETENTION_WITHOUT_ARCHIVE: {
    kind: 'choice',
    values: ['keep', 'drop'],
    uses: {
      worker: {
        fallback: 'keep',
        meaning: '`drop`: changes and events that are over their time go also without `AUDIT_ARCHIVE_FOLDER`',
      },
    },
  },
  RETENTION_EVERY_HOURS: {
    kind: 'integer',
    min: 0,
    max: 720,
    uses: {
      worker: {
        fallback: 24,
        meaning: 'hours from one run of retention to the next; 0: only when somebody asks for it',
      },
    },
  },
  RETENTION_OPERATIONS_DAYS: {
    kind: 'integer',
    min: 31,
    max: 36_500,
    uses: {
      worker: {
        fallback: 60,
        meaning:
          'days for which answers to edits are kept, by which an edit that is sent once more is known; longer than any session, and so any edit that waits in a browser, lasts',
      },
    },
  },
  RETENTION_IMPORT_ROWS_MONTHS: {
    kind: 'integer',
    min: 0,
    max: 1_200,
    uses: {
      worker: {
        fallback: 12,
        meaning:
          'months for which rows of files with errors and warnings are kept, the imports and their counts stay; 0 keeps them for good',
      },
    },
  },
  RETENTION_CONFLICTS_MONTHS: {
    kind: 'integer',
    min: 0,
    max: 1_200,
    uses: {
      worker: { fallback: 48, meaning: 'months for which settled conflicts are kept; 0 keeps them for good' },
    },
  },
  RETENTION_EVENTS_MONTHS: {
    kind: 'integer',
    min: 0,
    max: 1_200,
    uses: {
      worker: {
        fallback: 48,
        meaning: 'months for which events are kept in the database, whole months at once; 0 keeps them for good',
      },
    },
  },
  RETENTION_DELETED_MONTHS: {
    kind: 'integer',
    min: 0,
    max: 1_200,
    uses: {
      worker: {
        fallback: 120,
        meaning:
          'months for which the history of a record is kept after it was deleted; that of one that is there stays whole; 0 keeps it for good',
      },
    },
  },
  AUDIT_SEAL_INTERVAL_MS: {
    kind: 'integer',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    uses: {
      worker: {
        fallback: 1_000,
        meaning: 'pause between two batches of the trail that are sealed; 0 seals nothing',
      },
    },
  },
  AUDIT_SIGNING_KEY: {
    kind: 'text',
    isSecret: true,
    uses: {
      commands: { without: 'generated, kept', meaning: 'Signs checkpoints of the trail: Ed25519, PKCS#8 in PEM.' },
      worker: {
        without: 'nothing is signed',
        meaning: 'signs checkpoints of the trail: an Ed25519 key, PKCS#8 in PEM, the same on every worker',
      },
    },
  },
  AUDIT_CHECKPOINT_FILE: {
    kind: 'text',
    uses: {
      worker: {
        without: 'no file',
        belongsTo: ['AUDIT_SIGNING_KEY'],
        meaning: 'file to which each signed checkpoint is added; on another disk than the database, and copied away',
      },
    },
  },
  AUDIT_CHECKPOINT_URL: {
    kind: 'text',
    pattern: '^https://.+|^http://(127\\.0\\.0\\.1|localhost)(:[0-9]+)?/',
    says: 'an https:// address',
    uses: {
      worker: {
        without: 'no receiver',
        belongsTo: ['AUDIT_SIGNING_KEY'],
        meaning: 'address to which each signed checkpoint is posted, as JSON Lines',
      },
    },
  },
  AUDIT_CHECKPOINT_INTERVAL_MS: {
    kind: 'integer',
    min: 0,
    max: 86_400_000,
    unit: 'ms',
    uses: {
      worker: { fallback: 10_000, meaning: 'a checkpoint at most so often; what was cut off since is not found out' },
    },
  },
  MEMORY_LIMIT_BYTES: {
    kind: 'integer',
    min: MEBIBYTE,
    unit: 'bytes',
    uses: byProcesses({
      without: 'what its control group or the machine has',
      meaning: 'memory that the process may have, for `DEGRADE_MEMORY_PERCENT`',
    }),
  },
  DEGRADE_LATENCY_MS: {
    kind: 'limits',
    most: 600_000,
    unit: 'ms',
    uses: levelLimits('250,1000,4000', '95th percentile of the time until edits are answered, and changes on screens,'),
  },
  DEGRADE_FEED_SECONDS: {
    kind: 'limits',
    most: 3_600,
    unit: 's',
    uses: levelLimits('4,15,3600', 'age of what nodes hear'),
  },
  DEGRADE_FEED_BYTES: {
    kind: 'limits',
    most: 1024 ** 4,
    unit: 'bytes',
    uses: levelLimits('67108864,268435456,1099511627776', 'amount of Postgres’ log that no node has been told of'),
  },
  DEGRADE_ERRORS_PERCENT: {
    kind: 'limits',
    most: 101,
    unit: '%',
    uses: levelLimits('5,20,101', 'share of edits that fail'),
  },
  DEGRADE_MEMORY_PERCENT: {
    kind: 'limits',
    most: 1_000,
    unit: '%',
    uses: levelLimits('80,90,97', 'share of the memory that a process may have'),
  },
  DEGRADE_POOL_WAITING: {
    kind: 'limits',
    most: 1_000_000,
    uses: levelLimits('20,100,400', 'number of requests of a process that wait for a connection to Postgres'),
  },
  DEGRADE_AFTER_MS: {
    kind: 'integer',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    uses: {
      node: { fallback: 10_000, meaning: 'how long a value must be at a limit of `DEGRADE_…` before work is saved' },
    },
  },
  DEGRADE_BACK_MS: {
    kind: 'integer',
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    uses: {
      node: {
        fallback: 30_000,
        meaning: 'how long all values must be below 60 % of the limits before less work is saved, one level at a time',
      },
    },
  },
});
