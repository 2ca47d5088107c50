import { z } from 'zod';

/** A process that does not stop in this time is ended by itself. */
const STOP_TIMEOUT_MS = 30_000;

/**
 * Runs a service as the whole of this process: starts it, and ends it on SIGTERM or SIGINT. A setting that is wrong is
 * said in a line each, without a stack trace (exit status 78, EX_CONFIG of sysexits); any other failure to start or to
 * stop is status 1.
 */
export async function runProcess<Config>(
  readConfig: (environment: Record<string, string | undefined>) => Config,
  start: (config: Config) => Promise<AsyncDisposable>,
): Promise<void> {
  const config = parseEnvironment(readConfig);
  if (!config) return;
  const service = await start(config.value);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    service[Symbol.asyncDispose]().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function parseEnvironment<Config>(
  readConfig: (environment: Record<string, string | undefined>) => Config,
): { value: Config } | undefined {
  try {
    return { value: readConfig(process.env) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    for (const issue of error.issues) console.error(`setting ${issue.path.join('.')}: ${issue.message}`);
    process.exitCode = 78;
    return undefined;
  }
}
