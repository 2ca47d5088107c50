/** An error as it is logged. */
interface LoggedError {
  readonly type: string;
  readonly message: string;
  /** Where it was thrown: the frames alone, because the head of a stack repeats the message. */
  readonly stack: string;
  /** A system's or library's code, or the SQLSTATE. */
  readonly code?: string;
  /** Of a Postgres error: the names of what it is about, never its values. */
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly cause?: LoggedError;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Classes of SQLSTATE whose messages quote values: data exception, integrity constraint, raised by a trigger. */
const QUOTING_CLASSES = new Set(['22', '23', 'P0']);
const STATEMENTS = new Set(['begin', 'commit', 'delete', 'insert', 'rollback', 'select', 'set', 'update', 'with']);
const MAX_MESSAGE = 500;
const MAX_FRAMES = 20;
const MAX_CAUSES = 5;

/**
 * Makes an error what may be logged. A failed statement carries its parameters and the row it failed on, a failed Redis
 * command its arguments: case ids and Vorgangsnummern. So an error is not copied but described, by what is known to hold
 * no data.
 */
export function serializeError(error: unknown, depth = 0): LoggedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const details = error as Error & { code?: unknown; constraint?: unknown; table?: unknown; column?: unknown };
  const code = typeof details.code === 'string' ? details.code : undefined;
  const cause = depth < MAX_CAUSES ? serializeError(error.cause, depth + 1) : undefined;
  return {
    type: error.constructor.name,
    message: messageOf(error, code),
    stack: framesOf(error),
    ...(code === undefined ? {} : { code }),
    ...names(details, 'constraint'),
    ...names(details, 'table'),
    ...names(details, 'column'),
    ...(cause === undefined ? {} : { cause }),
  };
}

function messageOf(error: Error, code: string | undefined): string {
  if (code !== undefined && SQLSTATE.test(code) && QUOTING_CLASSES.has(code.slice(0, 2))) return `SQLSTATE ${code}`;
  // Of a text that is no JSON it quotes the beginning.
  if (error instanceof SyntaxError) return 'a text could not be parsed';
  // Of a failed query: the statement with its placeholders goes, and so do the parameters behind it.
  if ('query' in error && 'params' in error) return `a query failed${kindOf(error.query)}`;
  return error.message.slice(0, MAX_MESSAGE);
}

/** What kind of statement it is, by its first word. Only words of SQL: a statement may have values written into it. */
function kindOf(query: unknown): string {
  const word = typeof query === 'string' ? /^\s*([a-z]+)/i.exec(query)?.[1]?.toLowerCase() : undefined;
  return word !== undefined && STATEMENTS.has(word) ? `: ${word}` : '';
}

function framesOf({ stack = '', message }: Error): string {
  const head = stack.indexOf(message);
  const frames = stack.slice(head < 0 ? 0 : head + message.length).split('\n');
  return frames
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_FRAMES)
    .join('\n');
}

function names<Key extends string>(details: { readonly [K in Key]?: unknown }, key: Key): { [K in Key]?: string } {
  const value = details[key];
  return typeof value === 'string' ? ({ [key]: value } as { [K in Key]?: string }) : {};
}
