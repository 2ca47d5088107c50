// Which part of the repository may use which. A line that is not here is forbidden.

/**
 * What each workspace may import, besides itself.
 * @type {Record<string, string[]>}
 */
const DIRECTIONS = {
  'packages/audit': [],
  'packages/config': [],
  'packages/domain': [],
  'packages/jobs': [],
  'packages/lifecycle': ['packages/config'],
  'packages/telemetry': ['packages/config', 'packages/protocol'],
  'packages/protocol': ['packages/domain'],
  'packages/client': ['packages/domain', 'packages/protocol'],
  'packages/bus': ['packages/lifecycle', 'packages/protocol'],
  'packages/db': ['packages/audit', 'packages/config', 'packages/domain', 'packages/lifecycle', 'packages/protocol'],
  'packages/locks': ['packages/lifecycle', 'packages/protocol'],
  'packages/operations': ['packages/bus', 'packages/lifecycle', 'packages/protocol', 'packages/telemetry'],
  'apps/web': ['packages/client', 'packages/domain', 'packages/protocol'],
  'apps/cli': [
    'packages/audit',
    'packages/bus',
    'packages/client',
    'packages/db',
    'packages/domain',
    'packages/lifecycle',
    'packages/protocol',
  ],
  'apps/relay': [
    'packages/bus',
    'packages/config',
    'packages/db',
    'packages/lifecycle',
    'packages/operations',
    'packages/protocol',
    'packages/telemetry',
  ],
  'apps/worker': [
    'packages/audit',
    'packages/bus',
    'packages/config',
    'packages/db',
    'packages/domain',
    'packages/jobs',
    'packages/lifecycle',
    'packages/operations',
    'packages/protocol',
    'packages/telemetry',
  ],
  'apps/sync-node': [
    'packages/bus',
    'packages/config',
    'packages/db',
    'packages/domain',
    'packages/jobs',
    'packages/lifecycle',
    'packages/locks',
    'packages/operations',
    'packages/protocol',
    'packages/telemetry',
  ],
  testkit: ['packages/', 'apps/(relay|worker|sync-node)', 'scripts/lib'],
  bench: ['packages/', 'testkit/', 'scripts/lib'],
  k6: ['packages/protocol', 'testkit/', 'scripts/lib'],
  scripts: ['packages/config'],
  deploy: ['packages/telemetry', 'scripts/lib'],
  docs: ['packages/(domain|lifecycle|protocol)', 'testkit/', 'scripts/lib'],
};

/** What everything in the web app may stand on. */
const WEB_GROUND = ['preferences', 'time', 'ui', 'i18n', 'device', 'api', 'sync', 'people', 'address'];

/** What the list of cases may stand on. */
const WEB_CASES = [...WEB_GROUND, 'editing', 'features/locks', 'features/presence'];

/**
 * The web app from the ground up: what each folder of `apps/web/src` may import, besides itself. A line names only lines
 * above it. `main.tsx` and `routes.tsx` stand on top and may use all of them.
 * @type {Record<string, string[]>}
 */
const WEB_DIRECTIONS = {
  'service-worker': [],
  theme: [],
  preferences: [],
  time: [],
  ui: [],
  i18n: ['preferences', 'time'],
  device: ['preferences'],
  api: ['preferences', 'device'],
  sync: ['time', 'device', 'api'],
  people: ['api', 'sync'],
  address: ['sync'],
  editing: WEB_GROUND,
  'features/account': WEB_GROUND,
  'features/sign-in': WEB_GROUND,
  'features/imports': WEB_GROUND,
  'features/locks': [...WEB_GROUND, 'editing'],
  'features/presence': [...WEB_GROUND, 'editing', 'features/locks'],
  'features/conflicts': [...WEB_GROUND, 'editing'],
  'features/offline': [...WEB_GROUND, 'editing'],
  'features/operations': [...WEB_GROUND, 'features/locks'],
  'features/administration': [...WEB_GROUND, 'features/account'],
  'features/audit': [...WEB_GROUND, 'editing', 'features/conflicts'],
  'features/cases/facts': ['sync'],
  'features/cases/selection': [...WEB_GROUND, 'features/cases/facts'],
  'features/cases/cells': [...WEB_CASES, 'features/cases/facts', 'features/cases/selection'],
  'features/cases/columns': [...WEB_GROUND, 'features/cases/cells'],
  'features/cases/editors': [...WEB_CASES, 'features/cases/facts', 'features/cases/columns'],
  'features/cases/bulk': [...WEB_CASES, 'features/cases/facts', 'features/cases/selection', 'features/cases/editors'],
  'features/cases/grid': [
    ...WEB_CASES,
    'features/cases/facts',
    'features/cases/selection',
    'features/cases/cells',
    'features/cases/columns',
    'features/cases/editors',
    'features/cases/bulk',
  ],
  'features/cases/panel': [
    ...WEB_CASES,
    'features/conflicts',
    'features/audit',
    'features/cases/facts',
    'features/cases/cells',
    'features/cases/editors',
  ],
  pages: [
    ...WEB_GROUND,
    'editing',
    'features/account',
    'features/sign-in',
    'features/imports',
    'features/operations',
    'features/administration',
    'features/audit',
    'features/cases/facts',
    'features/cases/selection',
    'features/cases/grid',
    'features/cases/panel',
  ],
  shell: [
    ...WEB_GROUND,
    'editing',
    'features/account',
    'features/sign-in',
    'features/imports',
    'features/locks',
    'features/presence',
    'features/conflicts',
    'features/offline',
    'features/operations',
    'features/administration',
    'features/audit',
    'features/cases/editors',
    'features/cases/bulk',
    'features/cases/panel',
    'pages',
  ],
};

/** Packages that stay inside the folders that adapt them, types included. */
const ADAPTED = {
  'uWebSockets.js': ['apps/sync-node/src/(http|socket)/'],
  ioredis: ['packages/bus/', 'packages/locks/', 'testkit/', 'bench/'],
  'drizzle-orm': ['packages/db/'],
  pg: ['packages/db/', 'testkit/', 'scripts/'],
  redlock: ['packages/locks/'],
  'pg-logical-replication': ['apps/relay/src/replication/'],
  bullmq: ['apps/worker/src/', 'apps/sync-node/src/queue/'],
};

/**
 * Where connections are made. Each has a listener for its end from the start: one without ends the process that has it.
 * @type {Record<string, string[]>}
 */
const CONNECTED_BY = {
  ioredis: ['packages/bus/src/connection.ts', 'packages/locks/src/lock-redis.ts'],
  pg: ['packages/db/src/connect.ts', 'packages/db/src/open-client.ts'],
};

const NODE = 'apps/sync-node/src/';
/**
 * What each folder of the sync node may import of the node, besides itself and `NODE_BASE`. What decides stands below what it
 * is served by, so the simulation can serve it too.
 * @type {Record<string, string[]>}
 */
const NODE_FOLDERS = {
  limits: [],
  budgets: ['limits/rate-limited.ts'],
  feed: [],
  presence: [],
  path: [],
  audit: [],
  edits: ['path/path-watch.ts'],
  locks: ['edits/', 'audit/trail.ts'],
  snapshot: ['feed/'],
  frames: ['feed/'],
  core: [
    'feed/',
    'presence/',
    'edits/',
    'locks/',
    'snapshot/',
    'frames/',
    'budgets/allowance.ts',
    'budgets/held-bytes.ts',
    'path/path-watch.ts',
    'audit/trail.ts',
  ],
  queue: [],
  auth: ['core/identity.ts', 'limits/', 'config.ts', 'database-trouble.ts'],
  operations: ['locks/', 'queue/', 'audit/trail.ts'],
  administration: ['core/identity.ts', 'auth/'],
  'audit-query': ['auth/session-tokens.ts'],
  'audit-export': [],
  http: [
    'administration/',
    'audit-query/',
    'audit-export/',
    'core/',
    'feed/',
    'locks/',
    'operations/',
    'path/',
    'queue/',
    'auth/',
    'limits/',
    'budgets/',
    'snapshot/',
    'config.ts',
    'database-trouble.ts',
  ],
  socket: ['core/', 'auth/', 'http/', 'limits/rate-limited.ts', 'budgets/fair-gate.ts', 'database-trouble.ts'],
};
const NODE_BASE = [
  'runtime.ts',
  'coded-error.ts',
  'batcher.ts',
  'bounded-cache.ts',
  'list-in-pieces.ts',
  'shared-answers.ts',
];
/** The folders that decide. Of databases and buses they know the types alone, and of libraries only what has no effects. */
const NODE_DECIDES = ['core', 'feed', 'presence', 'edits', 'snapshot', 'frames'];
const WITHOUT_EFFECTS = ['zod', 'lru-cache'];

const WORKSPACES = '^(apps|packages|testkit|bench|scripts|deploy|docs)/';
const TESTS = '(\\.test\\.(ts|tsx|mjs)$|/test/)';
/** Where the tools look for their settings. */
const CONFIGURATION = '(^|/)[a-z-]+\\.config\\.ts$';

/** @param {string} folder */
const below = (folder) => `^${folder.replaceAll('.', '\\.')}/`;

const directions = Object.entries(DIRECTIONS).map(([folder, allowed]) => ({
  name: `direction: ${folder}`,
  severity: 'error',
  from: { path: below(folder), pathNot: TESTS },
  to: { path: WORKSPACES, pathNot: [below(folder), ...allowed.map((path) => `^${path}`)] },
}));

const testDirections = Object.entries(DIRECTIONS).map(([folder, allowed]) => ({
  name: `direction of tests: ${folder}`,
  comment: 'A test may also use the testkit, and drive a cluster as a client does.',
  severity: 'error',
  from: { path: `${below(folder)}.*${TESTS}` },
  to: {
    path: WORKSPACES,
    pathNot: [below(folder), '^(testkit|packages/(client|protocol|domain))/', ...allowed.map((path) => `^${path}`)],
  },
}));

const WEB = 'apps/web/src';

const webDirections = Object.entries(WEB_DIRECTIONS).map(([folder, allowed], place, all) => {
  const above = new Set(all.slice(0, place).map(([name]) => name));
  const wrong = allowed.find((name) => !above.has(name));
  if (wrong !== undefined) throw new Error(`${folder} may not use ${wrong}: it does not stand above it in the table`);
  return {
    name: `direction in the web app: ${folder}`,
    severity: 'error',
    from: { path: below(`${WEB}/${folder}`) },
    to: { path: below(WEB), pathNot: [folder, ...allowed].map((name) => below(`${WEB}/${name}`)) },
  };
});

const adapted = Object.entries(ADAPTED).map(([name, folders]) => ({
  name: `adapted: ${name}`,
  severity: 'error',
  from: { path: WORKSPACES, pathNot: folders.map((folder) => `^${folder}`) },
  to: { path: `(^|/)node_modules/(@types/)?${name.replaceAll('.', '\\.')}/` },
}));

const connectedBy = Object.entries(CONNECTED_BY).map(([name, files]) => ({
  name: `connected by: ${name}`,
  severity: 'error',
  from: { path: '^(apps|packages)/', pathNot: [TESTS, ...files.map((file) => `^${file.replaceAll('.', '\\.')}$`)] },
  to: {
    path: `(^|/)node_modules/(@types/)?${name.replaceAll('.', '\\.')}/`,
    dependencyTypesNot: ['type-only'],
  },
}));

const nodeFolders = Object.entries(NODE_FOLDERS).map(([folder, allowed]) => ({
  name: `direction in the node: ${folder}`,
  severity: 'error',
  from: { path: below(`${NODE}${folder}`), pathNot: TESTS },
  to: {
    path: `^${NODE}`,
    pathNot: [`${folder}/`, ...NODE_BASE, ...allowed].map((path) => `^${NODE}${path.replaceAll('.', '\\.')}`),
  },
}));

const nodeDecides = {
  from: { path: `^${NODE}(${NODE_DECIDES.join('|')})/`, pathNot: TESTS },
  severity: 'error',
};

export default {
  forbidden: [
    ...directions,
    ...testDirections,
    ...webDirections,
    {
      name: 'no folder of the web app without a direction',
      severity: 'error',
      from: {
        path: `${below(WEB)}.*/`,
        pathNot: Object.keys(WEB_DIRECTIONS).map((folder) => below(`${WEB}/${folder}`)),
      },
      to: {},
    },
    ...adapted,
    ...connectedBy,
    ...nodeFolders,
    {
      ...nodeDecides,
      name: 'the node decides without effects: packages',
      to: { path: '^packages/(bus|db|locks|jobs)/', dependencyTypesNot: ['type-only'] },
    },
    {
      ...nodeDecides,
      name: 'the node decides without effects: libraries',
      to: { path: '(^|/)node_modules/', pathNot: WITHOUT_EFFECTS.map((name) => `(^|/)node_modules/${name}/`) },
    },
    {
      ...nodeDecides,
      name: 'the node decides without effects: Node',
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the CLI knows servers in two places',
      comment: 'It is loaded when somebody asks for it: their libraries take longer to load than most commands to run.',
      severity: 'error',
      from: {
        path: '^apps/cli/src/',
        pathNot: ['^apps/cli/src/doctor/servers/', '^apps/cli/src/audit/verify-database\\.ts$', TESTS],
      },
      to: { path: '^packages/(bus|db)/' },
    },
    {
      name: 'no workspace without a direction',
      severity: 'error',
      from: { path: '^(apps|packages|testkit)/', pathNot: Object.keys(DIRECTIONS).map(below) },
      to: {},
    },
    {
      name: 'no Node in shared code',
      comment: 'These packages run in browsers too.',
      severity: 'error',
      from: { path: '^(packages/(domain|protocol|client)|apps/web/src)/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no cycles, not even of types',
      comment: 'A type that names the module that uses it ties the two together as much.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          CONFIGURATION,
          TESTS,
          '^scripts/lib/exit-with-owner\\.mjs$',
          '^deploy/docker/',
          '/steppable-clock\\.mjs$',
        ],
      },
      to: {},
    },
    { name: 'nothing unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no code from tests', severity: 'error', from: { pathNot: TESTS }, to: { path: TESTS } },
    {
      name: 'declared packages only',
      severity: 'error',
      from: { path: WORKSPACES },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no development packages in what runs',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: [TESTS, CONFIGURATION, '\\.d\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data|coverage|apps/web/public)/' },
    // The compiler's view: imports of types count too. It takes the API of TypeScript 6; see package.json.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
