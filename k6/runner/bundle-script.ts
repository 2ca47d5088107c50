import { existsSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { ConfigurationError } from './exit.ts';

/** What scripts may import of k6, by name. */
const NAMED_EXPORTS: Readonly<Record<string, readonly string[]>> = {
  k6: ['check', 'fail', 'group', 'randomSeed', 'sleep'],
  'k6/crypto': ['sha256'],
  'k6/data': ['SharedArray'],
  'k6/encoding': ['b64decode', 'b64encode'],
  'k6/execution': ['instance', 'scenario', 'test', 'vu'],
  'k6/http': ['CookieJar', 'asyncRequest', 'cookieJar', 'expectedStatuses', 'file', 'setResponseCallback', 'url'],
  'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/timers': ['clearInterval', 'clearTimeout', 'setInterval', 'setTimeout'],
  'k6/websockets': ['Blob', 'WebSocket'],
};

/**
 * Asks for each module of k6 once. By itself the bundle would make an object with a getter for each export in each file that imports
 * one, and all of them again for each VU.
 */
const k6Modules: Plugin = {
  name: 'k6-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^k6(\/|$)/ }, ({ path, namespace }) =>
      namespace === 'k6' || NAMED_EXPORTS[path] === undefined ? { path, external: true } : { path, namespace: 'k6' },
    );
    onLoad({ filter: /./, namespace: 'k6' }, ({ path }) => ({
      contents: [
        `const offered = require(${JSON.stringify(path)});`,
        `export default offered.__esModule && offered.default ? offered.default : offered;`,
        ...(NAMED_EXPORTS[path] ?? []).map((name) => `export const ${name} = offered.${name};`),
      ].join('\n'),
    }));
  },
};

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
      plugins: [k6Modules],
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
