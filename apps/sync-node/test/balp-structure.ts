/**
 * The constraints of IHE's Basic Audit Log Patterns (BALP 1.1, github.com/IHE/ITI.BasicAudit, input/fsh) as data, for the patterns that
 * an export uses. What a pattern says of a slice is checked on the one agent or entity that has the slice's type.
 */

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const REQUEST = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType';
const PREFIX = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
/** `DataSources` of BALP. */
const DATA_SOURCES = ['AUT', 'INF', 'CST'].map((code) => `${PARTICIPATION}|${code}`);

interface Pattern {
  readonly action: string;
  readonly subtypes: readonly string[];
  readonly client: string;
  readonly server: string;
  readonly people: readonly string[];
  /** Its own entity: the record, or the query. */
  readonly own: 'data' | 'query';
}

const data = (action: string, subtypes: readonly string[]): Pattern => ({
  action,
  subtypes,
  client: `${DCM}|110153`,
  server: `${DCM}|110152`,
  people: DATA_SOURCES,
  own: 'data',
});
const PATTERNS: Readonly<Record<string, Pattern>> = {
  Create: data('C', ['create']),
  Update: data('U', ['update', 'patch']),
  Delete: {
    ...data('D', ['delete']),
    client: `${DCM}|110150`,
    server: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type|custodian',
  },
  Query: { ...data('E', ['search', 'search-type', 'search-system']), people: [`${PARTICIPATION}|IRCP`], own: 'query' },
};

// oxlint-disable-next-line typescript/no-explicit-any -- what is checked may be anything
type Part = Readonly<Record<string, any>>;

/** What of a pattern that an AuditEvent claims does not hold; undefined where it claims none. */
export function breachesOfBalp(event: Part): string[] | undefined {
  const [profile, ...others]: string[] = event['meta']?.profile ?? [];
  if (profile === undefined) return undefined;
  const found: string[] = [];
  const must = (holds: boolean, rule: string) => {
    if (!holds) found.push(rule);
  };
  const [, patient, name = ''] = new RegExp(`^${PREFIX.replaceAll('.', '\\.')}(Patient)?(\\w+)$`).exec(profile) ?? [];
  const pattern = PATTERNS[name];
  if (!pattern || others.length > 0) return [`no pattern of ours: ${profile}`];
  must(codeOf(event['type']) === 'http://terminology.hl7.org/CodeSystem/audit-event-type|rest', 'type');
  const named = new Set(pattern.subtypes.map((code) => `http://hl7.org/fhir/restful-interaction|${code}`));
  must((event['subtype'] as Part[]).filter((one) => named.has(codeOf(one))).length === 1, 'subtype 1..1');
  must(event['action'] === pattern.action, 'action');
  must(typeof event['recorded'] === 'string', 'recorded 1..1');
  must(event['outcome'] === '0', 'outcome');
  const agents: Part[] = event['agent'];
  const agentOf = (codes: readonly string[]) => agents.filter(({ type }) => codes.includes(codeOf(type?.coding?.[0])));
  must(agents.length >= 2, 'agent 2..');
  for (const role of ['client', 'server'] as const) {
    const [one, ...more] = agentOf([pattern[role]]);
    must(one !== undefined && more.length === 0, `agent[${role}] 1..1`);
    must(
      one?.['who'] !== undefined && one['network'] !== undefined && one['media'] === undefined,
      `agent[${role}] parts`,
    );
  }
  const people = agentOf(pattern.people);
  must(people.length <= 1, 'agent[user] 0..1');
  for (const one of people)
    must(
      one['who'] !== undefined && one['requestor'] === true && !('network' in one) && !('media' in one),
      'agent[user] parts',
    );
  found.push(...entityBreaches(event['entity'], pattern, patient !== undefined));
  return found;
}

function entityBreaches(entities: readonly Part[], { own }: Pattern, hasPatient: boolean): string[] {
  const found: string[] = [];
  const must = (holds: boolean, rule: string) => {
    if (!holds) found.push(rule);
  };
  const entityOf = (code: string) => entities.filter(({ type }) => codeOf(type) === code);
  must(entities.length >= (hasPatient && own === 'data' ? 2 : 1), 'entity n..');
  const [object, ...more] = entityOf(`${ENTITY_TYPE}|2`);
  must(object !== undefined && more.length === 0, `entity[${own}] 1..1`);
  const roles = own === 'data' ? ['4', '3', '20'] : ['24'];
  must(
    roles.some((code) => codeOf(object?.['role']) === `${ROLE}|${code}`),
    `entity[${own}].role`,
  );
  const forbidden = own === 'data' ? ['lifecycle', 'name', 'query', 'detail'] : ['what', 'lifecycle', 'detail'];
  must(!forbidden.some((part) => object && part in object), `entity[${own}] has too much`);
  must(object?.[own === 'data' ? 'what' : 'query'] !== undefined, `entity[${own}] has too little`);
  const patients = entityOf(`${ENTITY_TYPE}|1`);
  must(patients.length === (hasPatient ? 1 : 0), 'entity[patient]');
  for (const one of patients) {
    must(codeOf(one['role']) === `${ROLE}|1`, 'entity[patient].role');
    must(one['what']?.type === 'Patient', 'entity[patient].what only Reference(Patient)');
    must(
      !['lifecycle', 'securityLabel', 'name', 'query', 'detail'].some((part) => part in one),
      'entity[patient] parts',
    );
  }
  const requests = entityOf(`${REQUEST}|XrequestId`);
  must(requests.length <= 1, 'entity[transaction] 0..1');
  for (const one of requests) must(typeof one['what']?.identifier?.value === 'string', 'entity[transaction].what');
  return found;
}

function codeOf(coding: Part | undefined): string {
  return `${coding?.['system']}|${coding?.['code']}`;
}
