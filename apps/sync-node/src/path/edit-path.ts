import type { EditStep } from '@meldesync/db';
import {
  type EndedSpan,
  epochMs,
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
  type Tracing,
} from '@meldesync/telemetry';
import type { ArrivedEdit, EditWatch } from './path-watch.ts';

/** How an edit ended: of several items, the worst. */
type EditEnd = 'accepted' | 'conflict' | 'rejected' | 'refused' | 'failed';

export interface EditPathOptions {
  readonly tracing: Tracing;
  readonly onEdit: (end: EditEnd, via: ArrivedEdit['via'], seconds: number, trace: TraceContext | undefined) => void;
}

/** Follows an edit from its arrival to its answer: a span for it, and one below it for each step of its transaction. */
export function watchEdit({ tracing, onEdit }: EditPathOptions, edit: ArrivedEdit): EditWatch {
  const startMs = epochMs();
  const parent = parseTraceparent(edit.traceparent);
  const context = tracing.isOn ? tracing.begin(parent) : undefined;
  const steps: { readonly step: EditStep; readonly atMs: number }[] = [];
  return {
    // What nobody records here may be recorded by whoever sent it.
    traceparent: context ? formatTraceparent(context) : edit.traceparent,
    stepped: (step) => {
      steps.push({ step, atMs: epochMs() });
    },
    ended: (answer) => {
      const endMs = epochMs();
      const end = endOf(answer);
      onEdit(end, edit.via, (endMs - startMs) / 1_000, context);
      if (!context) return;
      const spans: EndedSpan[] = steps.map(({ step, atMs }, index) => ({
        name: `postgres ${step}`,
        kind: 'client',
        context: tracing.begin(context),
        parent: context,
        startMs: steps[index - 1]?.atMs ?? startMs,
        endMs: atMs,
        attributes: { 'db.system.name': 'postgresql', 'db.operation.name': step },
      }));
      tracing.end(
        {
          name: 'edit',
          kind: 'server',
          context,
          parent,
          startMs,
          endMs,
          attributes: { 'meldesync.via': edit.via, 'meldesync.items': edit.items, 'meldesync.outcome': end },
          ...(end === 'failed' ? { failure: end } : {}),
        },
        ...spans,
      );
    },
  };
}

function endOf(answer: Parameters<EditWatch['ended']>[0]): EditEnd {
  if (answer === 'failed') return 'failed';
  if ('refused' in answer) return 'refused';
  const outcomes = new Set(answer.outcomes.map(({ outcome }) => outcome));
  if (outcomes.has('rejected')) return 'rejected';
  return outcomes.has('conflict') ? 'conflict' : 'accepted';
}
