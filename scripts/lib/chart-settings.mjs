// The settings of the processes as the JSON schema of the Helm chart's values has them: helm refuses a name or a value that is none.
import { SETTINGS } from '../../packages/config/src/catalogue.mjs';

/** @typedef {import('../../packages/config/src/catalogue.mjs').Setting} Setting */

/** Of these a deployment itself says what they are. */
const OF_THE_CHART = new Set([
  'ADMIN_HOST',
  'ADMIN_PORT',
  'BASE_URL',
  'HOST',
  'NODE_NAME',
  'PORT',
  'TRUSTED_PROXIES',
  'WEB_DIR',
]);

/** Names of OpenTelemetry's own variables, and of Node's. */
const OF_OTHERS = '^(OTEL|NODE)_[A-Z_]+$';

const ROLES = /** @type {const} */ (['node', 'relay', 'worker']);

/**
 * What a setting may be. Whoever writes YAML may leave the quotes of a number away.
 * @param {Setting} setting
 */
function schemaOf(setting) {
  switch (setting.kind) {
    case 'integer':
    case 'port': {
      const max = setting.kind === 'port' ? 65_535 : setting.max;
      return { type: 'integer', minimum: setting.min, ...(max === undefined ? {} : { maximum: max }) };
    }
    case 'number':
      return { type: 'number', exclusiveMinimum: setting.above, maximum: setting.max };
    case 'choice':
      return { enum: [...setting.values] };
    case 'text':
      return setting.pattern === undefined
        ? { type: 'string', minLength: setting.minLength ?? 1 }
        : { type: 'string', pattern: setting.pattern };
    default:
      return { type: 'string', minLength: 1 };
  }
}

/**
 * Whether a process looks for something of that name in its environment.
 * @param {string} name
 */
export function isKnownSetting(name) {
  /** @type {Readonly<Record<string, Setting>>} */
  const settings = SETTINGS;
  return name in settings || OF_THE_CHART.has(name) || settings[name.replace(/_FILE$/, '')]?.isSecret === true;
}

/** @param {typeof ROLES[number]} role */
function settingsOf(role) {
  const properties = Object.entries(SETTINGS).flatMap(([name, /** @type {Setting} */ setting]) => {
    const use = /** @type {Setting} */ (setting).uses[role];
    if (!use || OF_THE_CHART.has(name) || /** @type {Setting} */ (setting).isSecret) return [];
    return [[name, { description: use.meaning, ...schemaOf(setting) }]];
  });
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
    patternProperties: { [OF_OTHERS]: { type: ['string', 'number', 'boolean'] } },
  };
}

/**
 * The schema with the settings as the catalogue has them now.
 * @param {string} schema as JSON
 */
export function withChartSettings(schema) {
  const { $defs, ...rest } = JSON.parse(schema);
  const settings = Object.fromEntries(ROLES.map((role) => [`${role}Settings`, settingsOf(role)]));
  return `${JSON.stringify({ ...rest, $defs: { ...$defs, ...settings } }, undefined, 2)}\n`;
}
