import { trace } from '@opentelemetry/api';
import { destination, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import { serializeError } from './error-serializer.ts';
import { EVENTS, type EventFields, type EventLevelArgument, type EventName } from './events/catalogue.ts';
import { causeOf } from './events/cause.ts';
import type { EventDefinition, EventLevel } from './events/event-definition.ts';
import { Repeats } from './events/repeats.ts';
import { spanOfError } from './tracing/span-of-error.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = 'json' | 'pretty';

/** Writes to the log of a process. From `info` up only what the catalogue knows can be written. */
export interface Logger {
  /**
   * Logs an event of the catalogue. The same event of the same cause is written at once, and then at most once a minute with how
   * often it was left out.
   */
  event<Name extends EventName>(name: Name, fields: EventFields<Name>, ...level: EventLevelArgument<Name>): void;
  /** Says what somebody who looks for a mistake wants to know, and nobody else. */
  debug(fields: { readonly err?: unknown }, message: string): void;
  /** From which level on lines are written; may be changed at any time. */
  level: LogLevel;
  /** Switches to `debug`, and back to what it was. */
  switchDebug(): void;
  /** Tells of each event from `warn` up, those too that are not written. */
  onLine(listener: LineListener): void;
}

/** Hears of a line of that level, written or not. */
export type LineListener = (level: 'warn' | 'error' | 'fatal') => void;

export interface LoggerOptions {
  /** Name of the process, such as `node-1`. */
  readonly name: string;
  readonly level: LogLevel;
  /** JSON lines for programs, or a line each for people (coloured where `FORCE_COLOR` or a terminal asks for it). */
  readonly format: LogFormat;
  /** Takes JSON lines in place of standard output. */
  readonly write?: (line: string) => void;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

/**
 * A logger that writes to standard output. Records are named by their internal id; case ids and
 * Vorgangsnummern never reach it, and what looks like a credential is cut out. Within a span each line says of which, and one with an error says in
 * which that came up.
 */
export function createLogger(options: LoggerOptions): Logger {
  return new EventLogger(createPino(options), new Repeats(options.now ?? (() => performance.now())));
}

function createPino({ name, level, format, write }: LoggerOptions): Pino {
  const stream = () =>
    format === 'json'
      ? destination({ sync: false })
      : pretty({ ignore: 'pid,hostname,name', translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      // Pino's own would write all that an error has.
      serializers: { err: (error: unknown) => (error instanceof Error ? serializeError(error) : error) },
      redact: ['password', 'token', 'authorization', 'cookie', '*.password', '*.token', '*.authorization', '*.cookie'],
      mixin: spanIds,
    },
    write ? { write } : stream(),
  );
}

/** Where the line belongs; nothing outside of spans. */
function spanIds(): object {
  return idsOf(trace.getActiveSpan()?.spanContext());
}

function idsOf(span: { readonly traceId: string; readonly spanId: string } | undefined): object {
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

class EventLogger implements Logger {
  readonly #pino: Pino;
  readonly #repeats: Repeats;
  /** What `switchDebug` goes back to. */
  #before: LogLevel;
  #listener: LineListener | undefined;

  constructor(pinoLogger: Pino, repeats: Repeats) {
    this.#pino = pinoLogger;
    this.#repeats = repeats;
    this.#before = this.level;
  }

  get level(): LogLevel {
    return this.#pino.level as LogLevel;
  }

  set level(level: LogLevel) {
    if (level === this.level) return;
    if (this.level !== 'debug') this.#before = this.level;
    // By whichever of the two lets it through.
    const isQuieter = LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.level);
    if (isQuieter) this.event('log-level-changed', { logLevel: level });
    this.#pino.level = level;
    if (!isQuieter) this.event('log-level-changed', { logLevel: level });
  }

  event<Name extends EventName>(name: Name, fields: EventFields<Name>, ...given: EventLevelArgument<Name>): void {
    const level = levelOf(EVENTS[name], given[0]);
    if (level === 'warn' || level === 'error' || level === 'fatal') this.#listener?.(level);
    if (!this.#pino.isLevelEnabled(level)) return;
    // A line that is written later holds on to no error, which may hold a whole file.
    const told =
      'err' in fields ? { ...idsOf(spanOfError(fields.err)), ...fields, err: serializeError(fields.err) } : fields;
    const write = (leftOut: number) => this.#write(name, level, { ...told, ...(leftOut > 0 ? { more: leftOut } : {}) });
    if (level === 'debug') return write(0);
    const admitted = this.#repeats.admit(name, causeOf(name, fields, level), write);
    if (admitted) write(admitted.leftOut);
  }

  debug(fields: { readonly err?: unknown }, message: string): void {
    this.#pino.debug(fields, message);
  }

  switchDebug(): void {
    this.level = this.level === 'debug' ? this.#before : 'debug';
  }

  onLine(listener: LineListener): void {
    this.#listener = listener;
  }

  #write(event: EventName, level: EventLevel, fields: Readonly<Record<string, unknown>>): void {
    const text = EVENTS[event].says.replace(/\{(\w+)\}/g, (_, field: string) => String(fields[field]));
    this.#pino[level]({ event, ...fields }, text);
  }
}

/** Where there are several, the type of `event` asks for one of them. */
function levelOf({ level }: EventDefinition, given: EventLevel | undefined): EventLevel {
  return typeof level === 'string' ? level : (given ?? 'error');
}

/** The logger of a process, by the settings that all of them share. */
export function createProcessLogger(config: {
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}): Logger {
  return createLogger({ name: config.name, level: config.logLevel, format: config.logFormat });
}
