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

/** An edit that is over. */
interface EndedEdit {
  readonly via: ArrivedEdit['via'];
  readonly person: string;
  readonly end: EditEnd;
  readonly seconds: number;
  /** It failed, and the service is to blame. */
  readonly isFault: boolean;
  /** Records that somebody else had changed first: in a field that was to be set, or beside it. */
  readonly conflicts: { readonly overlapping: number; readonly beside: number };
  readonly trace: TraceContext | undefined;
}

export interface EditPathOptions {
  readonly tracing: Tracing;
  readonly onEdit: (edit: EndedEdit) => void;
}

/** Follows an edit from its arrival to its answer: a span for it, and one below it for each step of its transaction. */
export function watchEdit({ tracing, onEdit }: EditPathOptions, edit: ArrivedEdit): EditWatch {
  const begunMs = epochMs();
  const startMs = begunMs - edit.waitedMs;
  const parent = parseTraceparent(edit.traceparent);
  const context = tracing.isOn ? tracing.begin(parent) : undefined;
  const steps: { readonly step: EditStep; readonly atMs: number }[] = [];
  return {
    // What nobody records here may be recorded by whoever sent it. What is no context is stored nowhere.
    traceparent: traceparentOf(context ?? parent),
    stepped: (step) => {
      steps.push({ step, atMs: epochMs() });
    },
    ended: (answer) => {
      const endMs = epochMs();
      const end = endOf(answer);
      const trace = context ?? parent;
      onEdit({
        via: edit.via,
        person: edit.person,
        end,
        seconds: (endMs - startMs) / 1_000,
        isFault: 'isFault' in answer && answer.isFault,
        conflicts: conflictsOf(answer),
        trace,
      });
      if (!context) return;
      const spans: EndedSpan[] = steps.map(({ step, atMs }, index) => ({
        name: `postgres ${step}`,
        kind: 'client',
        context: tracing.begin(context),
        parent: context,
        startMs: steps[index - 1]?.atMs ?? begunMs,
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

function traceparentOf(context: TraceContext | undefined): string | undefined {
  return context && formatTraceparent(context);
}

type Answer = Parameters<EditWatch['ended']>[0];

function conflictsOf(answer: Answer): EndedEdit['conflicts'] {
  const outcomes = 'outcomes' in answer ? answer.outcomes : [];
  const conflicts = outcomes.flatMap((one) => (one.outcome === 'conflict' ? one.overlaps : []));
  const overlapping = conflicts.filter(Boolean).length;
  return { overlapping, beside: conflicts.length - overlapping };
}

function endOf(answer: Answer): EditEnd {
  if ('failed' in answer) return 'failed';
  if ('refused' in answer) return 'refused';
  const outcomes = new Set(answer.outcomes.map(({ outcome }) => outcome));
  if (outcomes.has('conflict')) return 'conflict';
  return outcomes.has('rejected') ? 'rejected' : 'accepted';
}
