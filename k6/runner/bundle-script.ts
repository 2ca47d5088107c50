import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { ConfigurationError } from './exit.ts';

/** What wraps the script, so that its summary is there to be read whoever runs it. */
function entry(scriptFile: string, summaryFile: string): string {
  return `
import * as script from ${JSON.stringify(scriptFile)};
export * from ${JSON.stringify(scriptFile)};
const own = script['default'];
export { own as default };
export function handleSummary(data) {
  const given = script['handleSummary'];
  const files = given ? given(data) : {};
  return { ...files, ${JSON.stringify(summaryFile)}: JSON.stringify(data, null, 2) };
}
`;
}

/**
 * Puts a script of TypeScript with all that it imports into one file that k6 and the runner load.
 * @param summaryFile where the summary is to be written
 */
export async function bundleScript(scriptFile: string, summaryFile: string): Promise<string> {
  if (!existsSync(scriptFile)) throw new ConfigurationError(`there is no script ${scriptFile}`);
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry(scriptFile, summaryFile), resolveDir: '/', loader: 'ts', sourcefile: 'entry.ts' },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      target: 'es2022',
      external: ['k6', 'k6/*'],
      sourcemap: 'inline',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    const [first] =
      (error as { errors?: { text: string; location?: { file: string; line: number } | null }[] }).errors ?? [];
    if (!first) throw error;
    const place = first.location ? `${first.location.file}:${first.location.line}: ` : '';
    throw new ConfigurationError(`the script cannot be bundled: ${place}${first.text}`);
  }
}
