import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import { serializeError } from './error-serializer.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Name of the process, such as `node-1`. */
  readonly name: string;
  readonly level: LogLevel;
  /** JSON lines for programs, or a line each for people (coloured where `FORCE_COLOR` or a terminal asks for it). */
  readonly format: LogFormat;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFormat = 'json' | 'pretty';

/**
 * A logger that writes to standard output. Records are named by their internal id; case ids and
 * Vorgangsnummern never reach it, and what looks like a credential is cut out.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => serializeError(error) },
      redact: ['password', 'token', 'authorization', 'cookie', '*.password', '*.token', '*.authorization', '*.cookie'],
    },
    options.format === 'json'
      ? destination({ sync: false })
      : pretty({ ignore: 'pid,hostname,name', translateTime: 'SYS:HH:MM:ss.l', singleLine: true }),
  );
}

/** The logger of a process, by the settings that all of them share. */
export function createProcessLogger(config: {
  readonly name: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}): Logger {
  return createLogger({ name: config.name, level: config.logLevel, format: config.logFormat });
}
