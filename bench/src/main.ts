import { FANOUT_OPTIONS, runFanout } from './fanout.ts';
import { LATENCY_OPTIONS, runLatency } from './latency.ts';
import { readOptions } from './options.ts';
import { runCommandLine } from './run-command-line.ts';

await runCommandLine(
  `npm run bench -- latency [--clients 200] [--rate 20] [--seconds 30] [--profile FOLDER]
npm run bench -- fanout  [--clients 500] [--rate 40] [--seconds 20] [--rounds 2] [--profile FOLDER]`,
  {
    latency: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LATENCY_OPTIONS);
      return runLatency(context(profileFolder), numbers);
    },
    fanout: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, FANOUT_OPTIONS);
      return runFanout(context(profileFolder), numbers);
    },
  },
);
