import { CLI_OPTIONS, runCli } from './cli.ts';
import { runFanout } from './fanout.ts';
import { FANOUT_OPTIONS } from './fanout-round.ts';
import { HOSTILE_OPTIONS, runHostile } from './hostile.ts';
import { LATENCY_OPTIONS, runLatency } from './latency.ts';
import { MEMORY_OPTIONS, runMemory } from './memory.ts';
import { readOptions } from './options.ts';
import { runCommandLine } from './run-command-line.ts';
import { runSealing, SEALING_OPTIONS } from './sealing.ts';
import { runSnapshot, SNAPSHOT_OPTIONS } from './snapshot.ts';
import { runStorm, STORM_OPTIONS } from './storm.ts';
import { runTelemetry, TELEMETRY_OPTIONS } from './telemetry.ts';
import { runTrail, TRAIL_OPTIONS } from './trail.ts';
import { runWorkspaces, WORKSPACES_OPTIONS } from './workspaces.ts';

await runCommandLine({
  kind: 'benchmark',
  usage: `npm run bench -- latency [--clients 200] [--rate 20] [--seconds 30] [--profile FOLDER]
npm run bench -- fanout  [--clients 500] [--rate 40] [--seconds 20] [--rounds 2] [--profile FOLDER]
npm run bench -- storm   [--clients 5000] [--people 5000] [--real 20] [--changes 10] [--profile FOLDER]
npm run bench -- memory  [--clients 10000] [--people 10000] [--warm 500]
npm run bench -- workspaces [--workspaces 1000] [--warm 50] [--seconds 30]
npm run bench -- snapshot [--records 1000000] [--clients 50]
npm run bench -- telemetry [--clients 200] [--rate 20] [--seconds 15] [--rounds 2] [--profile FOLDER]
npm run bench -- sealing [--clients 200] [--rate 20] [--transactions 2000] [--seconds 15] [--rounds 2] [--profile FOLDER]
npm run bench -- trail   [--entries 1000000] [--rounds 3]
npm run bench -- cli     [--records 100000] [--rounds 5]
npm run bench -- hostile [--clients 20] [--rate 40] [--seconds 10] [--records 5000] [--attack NUMBER]`,
  commands: {
    latency: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, LATENCY_OPTIONS);
      return runLatency(context(profileFolder), numbers);
    },
    fanout: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, FANOUT_OPTIONS);
      return runFanout(context(profileFolder), numbers);
    },
    storm: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, STORM_OPTIONS);
      return runStorm(context(profileFolder), numbers);
    },
    telemetry: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, TELEMETRY_OPTIONS);
      return runTelemetry(context(profileFolder), numbers);
    },
    sealing: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, SEALING_OPTIONS);
      return runSealing(context(profileFolder), numbers);
    },
    trail: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, TRAIL_OPTIONS);
      return runTrail(context(profileFolder), numbers);
    },
    cli: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, CLI_OPTIONS);
      return runCli(context(profileFolder), numbers);
    },
    hostile: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, HOSTILE_OPTIONS);
      return runHostile(context(profileFolder), numbers);
    },
    workspaces: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, WORKSPACES_OPTIONS);
      return runWorkspaces(context(profileFolder), numbers);
    },
    snapshot: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, SNAPSHOT_OPTIONS);
      return runSnapshot(context(profileFolder), numbers);
    },
    memory: (args, context) => {
      const { numbers, profileFolder } = readOptions(args, MEMORY_OPTIONS);
      return runMemory(context(profileFolder), numbers);
    },
  },
});
