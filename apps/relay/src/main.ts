import { readConfig, startRelay } from './app.ts';

const relay = await startRelay(readConfig(process.env));
const stop = () => {
  relay[Symbol.asyncDispose]().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
