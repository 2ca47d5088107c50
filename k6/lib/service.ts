import http, { type RefinedParams, type RequestBody } from 'k6/http';
import { between } from './between.ts';
import type { FramesPage, SnapshotPage } from './messages.ts';
import { pause } from './pause.ts';
import { BASE_URL } from './settings.ts';

const PAGE_LIMIT = 2_000;
const TRIES = 6;
/** Whoever cannot sign in yet stays at the door: a service checks only so many passwords at a time. */
const SIGN_IN_TRIES = 20;
const TIMEOUT = '15s';

/** An answer of the service that is none of those that were wanted. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, during: string) {
    super(`${during}: ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

export interface ImportSummary {
  readonly id: string;
  readonly status: string;
  readonly rows: { readonly new: number; readonly rejected: number };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs in with a password, as a terminal does (P56); the answer is a token. */
export async function signIn(email: string, password: string): Promise<string> {
  const body = JSON.stringify({ email, password });
  const answer = await ask(
    'sign-in',
    'POST',
    '/api/auth/sign-in/email',
    body,
    {
      'content-type': 'application/json',
      'meldesync-session-kind': 'terminal',
    },
    SIGN_IN_TRIES,
  );
  const token = headerOf(answer, 'set-auth-token');
  if (token === undefined) throw new ServiceError(answer.status, 'no token', 'sign-in');
  return token;
}

/** The HTTP API of one workspace, for who holds a token. */
export class Service {
  readonly #workspace: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(workspace: string, token: string) {
    this.#workspace = workspace;
    this.#headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
  }

  async snapshotPage(after: number, edition: string | undefined, limit = PAGE_LIMIT): Promise<SnapshotPage> {
    const query = `after=${after}&limit=${limit}${edition === undefined ? '' : `&edition=${edition}`}`;
    return JSON.parse((await this.#get('snapshot', `snapshot?${query}`)).body) as SnapshotPage;
  }

  async framesPage(cursor: string, upto: string): Promise<FramesPage> {
    const query = `after=${encodeURIComponent(cursor)}&upto=${encodeURIComponent(upto)}`;
    return JSON.parse((await this.#get('frames', `frames?${query}`)).body) as FramesPage;
  }

  /** Settles a conflict without a further edit (P28). */
  async settle(conflict: string, as: 'kept-theirs' | 'dropped'): Promise<void> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    const path = this.#path(`conflicts/${conflict}/resolution`);
    await ask('settle', 'POST', path, JSON.stringify({ resolution: as }), headers);
  }

  async importCsv(filename: string, csv: string): Promise<ImportSummary> {
    const form = { file: http.file(csv, filename, 'text/csv') };
    const answer = await ask('import', 'POST', this.#path('imports'), form, this.#headers);
    const [summary] = (JSON.parse(answer.body) as { imports: ImportSummary[] }).imports;
    if (summary === undefined) throw new ServiceError(answer.status, 'no import', 'import');
    return summary;
  }

  async importOf(id: string): Promise<ImportSummary> {
    return JSON.parse((await this.#get('import-status', `imports/${id}`)).body) as ImportSummary;
  }

  #get(name: string, path: string): Promise<Answer> {
    return ask(name, 'GET', this.#path(path), null, this.#headers);
  }

  #path(path: string): string {
    return `/api/v1/workspaces/${this.#workspace}/${path}`;
  }
}

/** Asks until there is an answer that does not pass: no connection, 429 and 503 are tried again, as often as `mostTries`. */
async function ask(
  name: string,
  method: string,
  path: string,
  body: RequestBody | null,
  headers: Readonly<Record<string, string>>,
  mostTries = TRIES,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    // A jar of its own: a cookie beside the token would make a browser's request of it, which needs an Origin (P58).
    const params: RefinedParams<'text'> = {
      headers: { ...headers },
      jar: new http.CookieJar(),
      responseType: 'text',
      tags: { name },
      timeout: TIMEOUT,
    };
    const response = await http.asyncRequest(method, `${BASE_URL}${path}`, body, params);
    const answer = { status: response.status, body: response.body, headers: response.headers };
    if (answer.status >= 200 && answer.status < 300) return answer;
    const isPassing = answer.status === 0 || answer.status === 429 || answer.status === 502 || answer.status === 503;
    if (!isPassing || tries === mostTries) throw new ServiceError(answer.status, codeOf(answer, response.error), name);
    await pause(waitMs(answer, tries));
  }
}

function waitMs(answer: Answer, tries: number): number {
  const seconds = Number(headerOf(answer, 'retry-after') ?? headerOf(answer, 'x-retry-after'));
  return seconds > 0 ? seconds * 1_000 + between(0, 500) : between(500, Math.min(5_000, 1_000 * 2 ** tries));
}

/** The error code of problem details (RFC 9457). */
function codeOf(answer: Answer, error: string): string {
  try {
    const problem = JSON.parse(answer.body) as { code?: string; title?: string };
    return problem.code ?? problem.title ?? error;
  } catch {
    // A balancer answers with a page of its own.
    return error;
  }
}

/** k6 writes the names of headers as Go does, others do not. */
function headerOf(answer: Answer, name: string): string | undefined {
  for (const [key, value] of Object.entries(answer.headers)) if (key.toLowerCase() === name) return value;
  return undefined;
}
