import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { cryptoModule } from './modules/crypto.ts';
import { createDataModule } from './modules/data.ts';
import { encodingModule } from './modules/encoding.ts';
import { createExecutionModule } from './modules/execution.ts';
import { createHttpModule } from './modules/http.ts';
import { createK6Module } from './modules/k6.ts';
import { createMetricsModule } from './modules/metrics.ts';
import { createTimersModule } from './modules/timers.ts';
import { createWebSocketsModule } from './modules/websockets.ts';
import type { Vu } from './vu.ts';

/**
 * What stands around the bundled script. What Node has beyond k6 is not there for it, and timers are those of the VU.
 * `__ITER` is a variable of its own for each VU, which the function that is handed over sets.
 */
const BEFORE = `(function (require, module, exports, __ENV, __VU, open, console, Math, setTimeout, setInterval, clearTimeout,
  clearInterval, $onIteration, process, Buffer, fetch, WebSocket, setImmediate, global, URL, performance) {
  let __ITER = 0; $onIteration((number) => { __ITER = number; });
`;
const AFTER = '\n})';
const LINES_BEFORE = BEFORE.split('\n').length - 1;

type Factory = (...args: unknown[]) => void;

/** A script that is compiled once and instantiated for each VU. */
export class LoadScript {
  readonly #factory: Factory;

  constructor(code: string, file: string) {
    const script = new Script(`${BEFORE}${code}${AFTER}`, { filename: file, lineOffset: -LINES_BEFORE });
    this.#factory = script.runInThisContext() as Factory;
  }

  /** Runs the script's top level for a VU, which has its exports then. */
  instantiate(vu: Vu): void {
    const module = { exports: {} as Record<string, unknown> };
    const modules = new Map<string, unknown>();
    const timers = createTimersModule(vu);
    const creators: Readonly<Record<string, () => unknown>> = {
      k6: () => createK6Module(vu),
      'k6/http': () => createHttpModule(vu),
      'k6/websockets': () => createWebSocketsModule(vu),
      'k6/timers': () => timers,
      'k6/metrics': () => createMetricsModule(vu),
      'k6/execution': () => createExecutionModule(vu, () => module.exports['options'] ?? {}),
      'k6/data': () => createDataModule(vu),
      'k6/crypto': () => cryptoModule,
      'k6/encoding': () => encodingModule,
    };
    const require = (name: string): unknown => {
      const known = modules.get(name);
      if (known !== undefined) return known;
      const create = creators[name];
      if (!create) throw new Error(`the runner does not offer the module ${name}`);
      const made = create();
      modules.set(name, made);
      return made;
    };
    const log =
      (level: 'info' | 'warn' | 'error') =>
      (...parts: unknown[]) =>
        vu.host.log(level, parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
    this.#factory(
      require,
      module,
      module.exports,
      vu.env,
      vu.id,
      (path: string, mode?: 'b') => openFile(vu, path, mode),
      { log: log('info'), info: log('info'), debug: log('info'), warn: log('warn'), error: log('error') },
      vu.math,
      timers.setTimeout,
      timers.setInterval,
      timers.clearTimeout,
      timers.clearInterval,
      (listener: (number: number) => void) => vu.beforeIteration.push(listener),
    );
    vu.exports = module.exports;
  }
}

/** The global `open`: each file is read once for each thread. */
function openFile(vu: Vu, path: string, mode: 'b' | undefined): string | ArrayBuffer {
  if (vu.iteration) throw new Error(`open("${path}") can be used only while the script is loaded`);
  const file = resolve(vu.host.scriptFolder, path);
  const key = `${mode ?? 't'} ${file}`;
  const known = vu.host.openedFiles.get(key);
  if (known !== undefined) return known;
  const bytes = readFileSync(file);
  const content = mode === 'b' ? new Uint8Array(bytes).buffer : bytes.toString('utf8');
  vu.host.openedFiles.set(key, content);
  return content;
}
