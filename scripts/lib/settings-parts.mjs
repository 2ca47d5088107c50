/**
 * The parts in which docs/betreiben/einstellungen.md shows the settings of the programs, by the beginnings of their names. A setting belongs to
 * one; `npm run docs` says which does not.
 * @type {Record<string, readonly string[]>}
 */
export const SETTINGS_PARTS = {
  'settings: address': ['PORT', 'HOST', 'BASE_URL', 'TRUSTED_', 'ADMIN_', 'TLS_', 'WEB_DIR'],
  'settings: database': [
    'DATABASE_',
    'AUTH_DATABASE_',
    'APP_DB_',
    'AUTH_DB_',
    'WORKER_DB_',
    'RELAY_DB_',
    'AUDITOR_DB_',
    'MIGRATIONS_DIR',
    'SEED_DEMO',
  ],
  'settings: redis': ['REDIS_', 'LOCK_REDIS_'],
  'settings: sign-in': ['AUTH_SECRET', 'SESSION_', 'PASSWORDS', 'SIGN_IN_'],
  'settings: single sign-on': ['OIDC_'],
  'settings: logs': ['NODE_NAME', 'LOG_'],
  'settings: relay': ['REPLICATION_SLOT', 'HOLD_BACK_MS', 'STREAM_', 'RANGE_THRESHOLD'],
  'settings: imports': ['IMPORT_', 'SWEEP_'],
  'settings: audit': ['AUDIT_', 'RETENTION_'],
  'settings: load': ['MEMORY_LIMIT_BYTES', 'PERSON_', 'DEGRADE_'],
};
