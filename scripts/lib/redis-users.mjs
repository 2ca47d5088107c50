import { createHash } from 'node:crypto';

// What each process may do in Redis: names of keys and channels behind the prefix of all (`REDIS_PREFIX`), as patterns, and commands. That these
// are the names that the code uses, and no more, is tried in testkit/test/redis-users.test.ts. Everybody else is `default`, who may everything:
// whoever runs the Redis.

/**
 * @typedef {object} RedisUser
 * @property {string} name
 * @property {readonly string[]} reads patterns of keys that it only reads
 * @property {readonly string[]} writes patterns of keys that it reads and writes
 * @property {readonly string[]} channels patterns of channels that it speaks and listens on
 * @property {readonly string[]} commands besides those of all
 */

/** @typedef {'node' | 'relay' | 'worker'} RedisRole */

/** @type {Readonly<Record<RedisRole, RedisUser>>} */
export const REDIS_USERS = {
  node: {
    name: 'meldesync_node',
    reads: ['{*}:feed*'],
    writes: ['{*}:presence', '{*}:locks', '{*}:lock:*', '{operations}:*', 'jobs:*', 'limits:*'],
    channels: ['{*}:frames', '{*}:notices', '{*}:state', 'canary', '{operations}:level'],
    commands: ['-@blocking'],
  },
  relay: {
    name: 'meldesync_relay',
    reads: [],
    writes: ['{*}:feed*', '{*}:moments:*', '{*}:fence:*', 'marker:*', 'epochs', '{operations}:*'],
    channels: ['{*}:frames', 'canary', '{operations}:level'],
    commands: ['-@blocking'],
  },
  worker: {
    name: 'meldesync_worker',
    reads: [],
    // Of streams it lets go of what is erased.
    writes: ['{*}:feed*', '{operations}:*', 'jobs:*'],
    channels: ['{*}:notices', '{operations}:level'],
    // It has files written anew that still hold what is erased.
    commands: ['+bgsave', '+bgrewriteaof'],
  },
};

/** What all of them send: nothing that looks through all keys, empties a database, or is an administrator's. */
const COMMANDS = [
  '-@all',
  '+@read',
  '+@write',
  '+@connection',
  '+@transaction',
  '-@dangerous',
  '-@admin',
  // Of scripts they run their own, and change no functions, which are everybody's.
  '-@scripting',
  '-scan',
  '-randomkey',
  '+eval',
  '+evalsha',
  '+script|exists',
  '+script|load',
  '+publish',
  '+subscribe',
  '+unsubscribe',
  '+time',
  // Its version, and that it is ready.
  '+info',
];

/**
 * What a user may, in the words of an ACL.
 * @param {RedisUser} user
 * @param {string} prefix of all keys and channels
 */
function redisRules({ reads, writes, channels, commands }, prefix) {
  return [
    ...reads.map((key) => `%R~${prefix}:${key}`),
    ...writes.map((key) => `~${prefix}:${key}`),
    'resetchannels',
    ...channels.map((channel) => `&${prefix}:${channel}`),
    ...COMMANDS,
    ...commands,
  ].join(' ');
}

/**
 * The users as the text of an ACL file. It holds hashes of passwords, which are long and random.
 * @param {string} prefix of all keys and channels
 * @param {Record<RedisRole, string>} passwords
 * @param {string} [ownPassword] of `default`; without it everybody may everything who gives no name
 */
export function redisUsersFile(prefix, passwords, ownPassword) {
  const entry = ownPassword === undefined ? 'nopass' : `#${sha256(ownPassword)}`;
  const users = /** @type {RedisRole[]} */ (Object.keys(REDIS_USERS)).map(
    (role) => `user ${REDIS_USERS[role].name} on #${sha256(passwords[role])} ${redisRules(REDIS_USERS[role], prefix)}`,
  );
  return `${[`user default on ${entry} ~* &* +@all`, ...users].join('\n')}\n`;
}

/**
 * An address with one of the users.
 * @param {string} url of the same Redis
 * @param {RedisRole} role
 * @param {string} password
 */
export function redisUrlAs(url, role, password) {
  const changed = new URL(url);
  changed.username = REDIS_USERS[role].name;
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** The file that scripts of shells make an ACL file from: `@PREFIX@` is the prefix, `@NODE@` the SHA-256 of a password, and so on. */
export function redisUsersTemplate() {
  const users = Object.entries(REDIS_USERS).map(
    ([role, user]) => `user ${user.name} on #@${role.toUpperCase()}@ ${redisRules(user, '@PREFIX@')}`,
  );
  return `${['user default on #@DEFAULT@ ~* &* +@all', ...users].join('\n')}\n`;
}

/** The users as a Markdown table, in German as the page that it stands on. */
export function redisUsersTable() {
  /** @param {readonly string[]} names */
  const list = (names) => (names.length === 0 ? '–' : names.map((name) => `\`${name}\``).join(', '));
  const rows = Object.values(REDIS_USERS).map(
    ({ name, reads, writes, channels, commands }) =>
      `| \`${name}\` | ${list(reads)} | ${list(writes)} | ${list(channels)} | ${list(commands)} |`,
  );
  return [
    '| Benutzer | liest | liest und schreibt | Kanäle | Befehle außer denen aller |',
    '|---|---|---|---|---|',
    ...rows,
    '| `default` | alles | alles | alle | alle: wer den Server betreibt |',
    '',
    `Befehle aller drei: \`${COMMANDS.join(' ')}\`.`,
  ].join('\n');
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
