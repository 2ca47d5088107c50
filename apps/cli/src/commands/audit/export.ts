import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { AUDIT_FORMATS, type AuditFormat } from '@meldesync/protocol';
import { Option } from 'commander';
import { openAudit } from '../../audit/audit-service.ts';
import { END_BYTES, isWholeExport } from '../../audit/export-end.ts';
import { addFilterOptions, type FilterOptions, filterOf } from '../../audit/filter-options.ts';
import type { CliContext, GlobalOptions } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { steady } from '../../output/text.ts';
import type { CliCommand } from '../../program/command.ts';
import { addExamples } from '../../program/help.ts';
import { oneOf } from '../../program/option-values.ts';
import { systemCode } from '../../system-code.ts';
import type { GroupParts } from '../admin/parts.ts';

type ExportOptions = GlobalOptions & FilterOptions & { readonly format: AuditFormat; readonly output?: string };

/** `meldesync audit export` */
export function registerAuditExport(group: CliCommand, { context, finish }: GroupParts): void {
  const { t } = context;
  const command = group.command('export');
  command
    .description(t('help.auditExport'))
    .usage(t('help.usageOptions'))
    .addOption(
      new Option('--format <format>', t('help.auditFormat', { formats: AUDIT_FORMATS.join(', ') }))
        .argParser(oneOf('--format', AUDIT_FORMATS))
        .default('jsonl'),
    )
    .option('--output <file>', t('help.auditOutput'));
  addFilterOptions(command, context);
  command.action(async () => finish(await run(context, command.optsWithGlobals())));
  addExamples(command, context, [
    ['meldesync audit export --format csv --from 2026-11-01 --output november.csv', t('help.exampleAuditExport')],
    ['meldesync audit export --format fhir-ndjson > events.ndjson', t('help.exampleAuditExportFhir')],
  ]);
}

/** Fails where the export is not whole, however much of it was written. */
async function run(context: CliContext, options: ExportOptions): Promise<ExitCode> {
  const { output, format } = options;
  if (output === undefined) context.terminal.endWithReader();
  const service = await openAudit(context, options);
  const filter = await filterOf(service, options);
  const sink = output === undefined ? toTerminal(context) : await toFile(output);
  let end = Buffer.alloc(0);
  try {
    const response = await service.export({ filter, format });
    for await (const chunk of piecesOf(context, response)) {
      end = Buffer.concat([end, chunk]).subarray(-END_BYTES);
      await sink.write(chunk);
    }
  } finally {
    await sink.close();
  }
  if (!isWholeExport(format, end.toString('utf8'))) throw new CliError('exportCutOff');
  return EXIT.ok;
}

/** What comes; where the connection ends before it does, the export is cut off. */
async function* piecesOf({ terminal }: CliContext, response: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(terminal.signal.aborted ? 'interrupted' : 'exportCutOff', {}, { cause: error });
  }
}

interface Sink {
  readonly write: (chunk: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

function toTerminal({ terminal }: CliContext): Sink {
  // The byte order mark of CSV is part of it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    write: async (chunk) => {
      const text = decoder.decode(chunk, { stream: true });
      // Where a person looks, nothing in it steers what they see; a file or a program gets it as it is.
      const hasRoom = terminal.stdout.write(terminal.stdout.isTTY ? text.split('\n').map(steady).join('\n') : text);
      if (!hasRoom) await once(terminal.stdout, 'drain', { signal: terminal.signal });
    },
    close: async () => undefined,
  };
}

/** For its owner alone: it holds what patients are named by. */
async function toFile(file: string): Promise<Sink> {
  const orUnwritable = async <T>(made: Promise<T>): Promise<T> => {
    try {
      return await made;
    } catch (cause) {
      throw new CliError('exportUnwritable', { file, reason: systemCode(cause) ?? 'IO' }, { cause });
    }
  };
  const handle = await orUnwritable(open(file, 'w', 0o600));
  return {
    write: (chunk) => orUnwritable(handle.appendFile(chunk)),
    close: () => orUnwritable(handle.close()),
  };
}
