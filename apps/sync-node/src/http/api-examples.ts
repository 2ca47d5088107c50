const WORKSPACE = 'c0a8012e-6d3b-4f56-9b1a-2f7d3c5e8a10';
const PERSON = 'kP3vQ7mZ1xT9bN5r';
const OPERATION = '5f0c6f4e-7a52-4d2f-9d8e-3f6a1c9b2e11';

const RECORD = {
  id: 7,
  version: 3,
  vorgangsnummer: 'VN-000007',
  ibe: 'IBE+A123456789+A123456789&20260122001&260530103&KDKK00001&0&O&9&1&C&2&1',
  caseId: 'F-12',
  done: false,
  assignee: PERSON,
  note: 'ruft zurück',
  updatedAt: '2026-01-22T10:00:00.123456Z',
  updatedBy: `user:${PERSON}`,
};
const IMPORT = {
  id: '1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9',
  filename: 'januar.csv',
  sizeBytes: 20_480,
  status: 'queued',
  rows: { new: 0, updated: 0, unchanged: 0, rejected: 0, warned: 0 },
  progress: 0,
  error: null,
  createdAt: '2026-01-22T10:00:00.123456Z',
  finishedAt: null,
  createdBy: PERSON,
  cancelledBy: null,
  continuedBy: null,
};
const LOCK = {
  lock: 'b3b5a1c2-0d4e-4f6a-8b7c-9d0e1f2a3b4c',
  records: [7],
  user: PERSON,
  instance: 'nightly-run-1',
  since: '2026-01-22T10:00:00.000Z',
};
const LEASED = { ...LOCK, endsInMs: 15_000, versions: [{ record: 7, version: 3 }] };

/** What is sent and what comes of it where all goes well. */
interface Example {
  readonly request?: unknown;
  readonly answer?: unknown;
}

/** By the operations that a program begins with. No name, number or token in them is anybody's. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  signIn: { request: { email: 'ada@klinik.example', password: 'viele-gelbe-Fahrraeder-7' } },
  beginDeviceSignIn: { request: { client_id: 'meldesync' } },
  getMe: {
    answer: {
      user: { id: PERSON, name: 'Ada Beispiel', email: 'ada@klinik.example', isInstallationAdmin: false },
      workspaces: [{ id: WORKSPACE, name: 'Beispielklinik', role: 'editor' }],
    },
  },
  getRecord: { answer: RECORD },
  listRecords: { answer: { records: [RECORD], next: 7 } },
  editRecord: { request: { note: 'ruft zurück' }, answer: RECORD },
  editRecords: {
    request: { operation: OPERATION, items: [{ record: 7, baseVersion: 2, set: { note: 'ruft zurück' } }] },
    answer: { operation: OPERATION, outcomes: [{ record: 7, outcome: 'accepted', version: 3 }] },
  },
  resolveConflict: { request: { resolution: 'kept-theirs' } },
  uploadImports: { answer: { imports: [IMPORT] } },
  getImport: { answer: IMPORT },
  takeLock: { request: { records: [7], instance: 'nightly-run-1' }, answer: LEASED },
  renewLock: { answer: LEASED },
  listLocks: { answer: { locks: [{ ...LOCK, endsInMs: null }] } },
};

interface Described {
  readonly operationId?: string | undefined;
  readonly requestBody?: unknown;
  readonly responses?: unknown;
}

type Contents = Record<string, { example?: unknown }>;

/** Adds the examples to what is described. Changes it. */
export function addExamples(operations: readonly Described[]): void {
  for (const { operationId = '', requestBody, responses } of operations) {
    const { request, answer } = EXAMPLES[operationId] ?? {};
    if (request !== undefined) setExample(requestBody, request);
    for (const [status, one] of Object.entries(responses ?? {}))
      if (answer !== undefined && status.startsWith('2')) setExample(one, answer);
  }
}

function setExample(described: unknown, example: unknown): void {
  const { content = {} } = (described ?? {}) as { content?: Contents };
  const json = content['application/json'];
  if (json) json.example = example;
}
