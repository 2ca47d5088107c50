import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryFolders } from '../../test/temporary-folders.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { runCli } from '../app.ts';

const makeFolder = useTemporaryFolders();
const START_MS = Date.UTC(2026, 0, 22, 10);
const nanoseconds = (ms: number): string => `${START_MS + ms}000000`;

interface Written {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly trace?: string;
  readonly isFailed?: boolean;
  readonly links?: number;
}

/** An export as the collector writes it. */
function exportOf(service: string, spans: readonly Written[]): string {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes },
        scopeSpans: [
          {
            spans: spans.map(({ id, parent, name, from, to, trace = 'aa01', isFailed, links = 0 }) => ({
              traceId: trace,
              spanId: id,
              parentSpanId: parent ?? '',
              name,
              kind: 1,
              startTimeUnixNano: nanoseconds(from),
              endTimeUnixNano: nanoseconds(to),
              links: Array.from({ length: links }, () => ({ traceId: 'bb', spanId: 'cc' })),
              status: isFailed ? { code: 2 } : {},
            })),
          },
        ],
      },
    ],
  });
}

async function trace(content: string, ...args: string[]) {
  const file = join(await makeFolder(), 'traces.jsonl');
  await writeFile(file, content);
  const terminal = createTestTerminal(['trace', file, '--lang', 'en', ...args]);
  const exitCode = await runCli(terminal);
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

const CLICK = [
  exportOf('meldesync-relay', [{ id: '03', parent: '02', name: 'relay', from: 30, to: 40 }]),
  exportOf('meldesync-client', [{ id: '01', name: 'click edit', from: 0, to: 60 }]),
  exportOf('meldesync-node', [
    { id: '02', parent: '01', name: 'edit', from: 10, to: 28, isFailed: true },
    { id: '04', parent: '02', name: 'postgres commit', from: 20, to: 27, links: 2 },
  ]),
].join('\n');

describe('meldesync trace', () => {
  it('shows a trace as a tree in the order of time, with where each span ran', async () => {
    const { exitCode, out } = await trace(CLICK);
    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.replaceAll(/[·━]+/g, '').trimEnd())).toEqual([
      'Trace aa01 of 2026-01-22T10:00:00.000Z: 60.0 ms, 4 spans',
      expect.stringMatching(/^after ms\s+Span\s+Process\s+ms$/),
      expect.stringMatching(/^\s+0\.0\s+click edit\s+meldesync-client\s+60\.0$/),
      expect.stringMatching(/^\s+10\.0\s+└ edit \(failed\)\s+meldesync-node\s+18\.0$/),
      expect.stringMatching(/^\s+20\.0\s+ {2}├ postgres commit \(2 links\)\s+meldesync-node\s+7\.0$/),
      expect.stringMatching(/^\s+30\.0\s+ {2}└ relay\s+meldesync-relay\s+10\.0$/),
      '',
    ]);
  });

  it('shows the slowest first, some of them, or the one that is asked for', async () => {
    const traces = [5, 50, 20].map((to, index) =>
      exportOf('node', [{ id: '01', name: `took ${to}`, from: 0, to, trace: `${index}a` }]),
    );
    const { out } = await trace(traces.join('\n'), '--limit', '2');
    expect(out.indexOf('took 50')).toBeLessThan(out.indexOf('took 20'));
    expect(out).not.toContain('took 5 ');
    expect(out).toContain('and 1 more trace');
    expect((await trace(traces.join('\n'), '--id', '0a')).out).toContain('took 5 ');
  });

  it('a circle of parents, and one that is not there, end like any other', async () => {
    const spans = [
      { id: '01', parent: '02', name: 'one', from: 0, to: 1 },
      { id: '02', parent: '01', name: 'two', from: 0, to: 1 },
      { id: '03', parent: 'ff', name: 'three', from: 0, to: 1 },
    ];
    const { exitCode, out } = await trace(exportOf('node', spans));
    expect(exitCode).toBe(0);
    for (const { name } of spans) expect(out).toContain(name);
  });

  it.each(['no JSON', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}', '[]'])(
    'says that %s is none',
    async (content) => {
      const { exitCode, err } = await trace(content);
      expect(exitCode).toBe(1);
      expect(err).toContain('is no OTLP JSON');
    },
  );
});
