import { type CliContext, type GlobalOptions, print, printAside } from '../context.ts';
import { checkService } from '../doctor/check-service.ts';
import type { Finding } from '../doctor/finding.ts';
import { describeFindings, sentenceOf } from '../doctor/report.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { outputWidth } from '../output/width.ts';
import type { CliCommand, Finish } from '../program/command.ts';
import { addExamples } from '../program/help.ts';

interface DoctorOptions extends GlobalOptions {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly slot?: string;
  readonly json?: boolean;
}

/** The relay's own default. */
const SLOT = 'meldesync';

/** `meldesync doctor` */
export function registerDoctor(program: CliCommand, context: CliContext, finish: Finish): void {
  const { t } = context;
  const command = program.command('doctor');
  command
    .description(t('help.doctor'))
    .usage(t('help.usageOptions'))
    .option('--database-url <url>', t('help.doctorDatabase'))
    .option('--redis-url <url>', t('help.doctorRedis'))
    .option('--slot <name>', t('help.doctorSlot', { slot: SLOT }))
    .option('--json', t('help.jsonOption'))
    .action(async () => finish(await doctor(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync doctor', t('help.exampleDoctor')],
    ['DATABASE_URL=… REDIS_URL=… meldesync doctor', t('help.exampleDoctorServers')],
    [`meldesync doctor --json | jq -r '.findings[] | select(.state == "failed") | .text'`, t('help.exampleDoctorJson')],
  ]);
}

/** 1 where something failed; a warning is none. */
async function doctor(context: CliContext, options: DoctorOptions): Promise<ExitCode> {
  const { terminal, t } = context;
  terminal.endWithReader();
  const findings = [...(await checkService(context, options)), ...(await lookAtServers(context, options))];
  const failed = findings.filter(({ state }) => state === 'failed').length;
  const warnings = findings.filter(({ state }) => state === 'warning').length;
  if (options.json) {
    const told = findings.map((finding) => ({ ...finding, text: sentenceOf(finding, context) }));
    printJson(context, { failed, warnings, findings: told });
  } else {
    for (const line of describeFindings(context, findings, outputWidth(terminal))) print(context, line);
    printAside(context, t('doctor.total', { failed, warnings }));
  }
  return failed > 0 ? EXIT.failure : EXIT.ok;
}

async function lookAtServers({ terminal: { env } }: CliContext, options: DoctorOptions): Promise<Finding[]> {
  const databaseUrl = options.databaseUrl ?? (env['DATABASE_URL'] || undefined);
  const redisUrl = options.redisUrl ?? (env['REDIS_URL'] || undefined);
  if (databaseUrl === undefined && redisUrl === undefined) return [];
  const { checkServers } = await import('../doctor/servers/check-servers.ts');
  return checkServers({ databaseUrl, redisUrl, slot: options.slot ?? (env['REPLICATION_SLOT'] || SLOT) });
}
