import { settingsOrExit, WRONG_CONFIG, WrongSettings } from '@meldesync/config';
import { CannotListen } from './listen-as.ts';
import { UnsupportedServer } from './supported-versions.ts';
import { type ProcessLogger, watchUnhandledErrors } from './unhandled-errors.ts';
import { VERSION } from './version.ts';

/** A process that does not stop in this time is ended by itself. */
const STOP_TIMEOUT_MS = 30_000;
/** One that ends because of its own error has less: what it still holds is not to be trusted. */
const FAULT_STOP_TIMEOUT_MS = 5_000;

/** EX_SOFTWARE of sysexits. */
const OWN_FAULT = 70;

/**
 * Runs a service as the whole of this process: starts it, and ends it on SIGTERM or SIGINT. Exit status: 0 after an orderly
 * stop; 78 when a setting is wrong or a server is not supported, which is said in a line each; 70 after an exception that
 * nobody caught, logged and followed by the same stop as a signal's, so that clients are sent on and jobs handed over; 1
 * when it failed to start or to stop. A rejection that nobody handles is logged, and the process goes on: of one
 * request's forgotten promise the others hear nothing. SIGHUP makes it log everything, and the next one what it logged before. With `--version` on the command line the process says its version,
 * and ends.
 */
export async function runProcess<Config, Log extends ProcessLogger>(
  readConfig: (environment: Record<string, string | undefined>) => Config,
  start: (config: Config, logger: Log) => Promise<AsyncDisposable>,
  createLogger: (config: Config) => Log,
): Promise<void> {
  if (process.argv.includes('--version')) {
    console.log(VERSION);
    return;
  }
  const config = settingsOrExit(readConfig);
  const logger = createLogger(config);
  let service: AsyncDisposable | undefined;
  let stopping = false;
  const stop = (exitCode: number, timeoutMs: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      logger.event('stop-overdue', {});
      process.exit(exitCode || 1);
    }, timeoutMs).unref();
    Promise.resolve(service?.[Symbol.asyncDispose]()).then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.event('stop-failed', { err: error });
        process.exit(exitCode || 1);
      },
    );
  };
  process.on('SIGHUP', () => logger.switchDebug());
  watchUnhandledErrors(logger, () => stop(OWN_FAULT, FAULT_STOP_TIMEOUT_MS));
  try {
    service = await start(config, logger);
  } catch (error) {
    if (error instanceof UnsupportedServer || error instanceof WrongSettings) {
      logger.event('start-refused', { reason: error.message });
      process.exit(WRONG_CONFIG);
    }
    if (error instanceof CannotListen) {
      // What has the port now may have gone at the next start.
      logger.event('start-refused', { reason: error.message });
      process.exit(1);
    }
    logger.event('start-failed', { err: error });
    process.exit(1);
  }
  const stopInOrder = () => stop(0, STOP_TIMEOUT_MS);
  process.on('SIGTERM', stopInOrder);
  process.on('SIGINT', stopInOrder);
}
