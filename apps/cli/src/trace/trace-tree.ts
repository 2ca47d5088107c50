import type { TracedSpan } from './read-traces.ts';

/** A span below the others of its trace. */
interface TreeLine {
  readonly span: TracedSpan;
  /** How it hangs on those above, drawn: empty for the first. */
  readonly branch: string;
}

/** One trace. Times are milliseconds. */
export interface Trace {
  readonly id: string;
  /** Epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly lines: readonly TreeLine[];
}

/** The traces of some spans, slowest first, each as a tree in the order of time. One whose parent is not there stands at the top. */
export function buildTraces(spans: readonly TracedSpan[]): Trace[] {
  const byTrace = group(spans);
  const traces = [...byTrace].map(([id, own]): Trace => {
    const startMs = Math.min(...own.map((span) => span.startMs));
    const endMs = Math.max(...own.map((span) => span.endMs));
    return { id, startMs, durationMs: endMs - startMs, lines: linesOf(own) };
  });
  return traces.toSorted((a, b) => b.durationMs - a.durationMs);
}

function group(spans: readonly TracedSpan[]): Map<string, TracedSpan[]> {
  const groups = new Map<string, TracedSpan[]>();
  for (const span of spans) {
    const own = groups.get(span.traceId);
    if (own) own.push(span);
    else groups.set(span.traceId, [span]);
  }
  return groups;
}

function linesOf(spans: readonly TracedSpan[]): TreeLine[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, TracedSpan[]>();
  const roots: TracedSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const parent = span.parentSpanId;
    if (parent === undefined || parent === span.spanId || !known.has(parent)) roots.push(span);
    else children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines: TreeLine[] = [];
  const shown = new Set<string>();
  const add = (span: TracedSpan, branch: string, below: string): void => {
    // A circle of parents would never end.
    if (shown.has(span.spanId)) return;
    shown.add(span.spanId);
    lines.push({ span, branch });
    const own = children.get(span.spanId) ?? [];
    own.forEach((child, index) => {
      const isLast = index === own.length - 1;
      add(child, `${below}${isLast ? '└ ' : '├ '}`, `${below}${isLast ? '  ' : '│ '}`);
    });
  };
  for (const root of roots) add(root, '', '');
  for (const span of spans) add(span, '', '');
  return lines;
}
