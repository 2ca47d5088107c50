import { DeliveryPath, type DeliveryPathOptions } from './delivery-path.ts';
import { type EditPathOptions, watchEdit } from './edit-path.ts';
import type { PathWatch } from './path-watch.ts';

/** Of about so many clients the service hears when they had applied a frame, however many there are: each report costs a message. */
const TELLING_CLIENTS = 2;

/** Follows edits and frames for metrics, and for traces where somebody records them. */
export function watchPath(options: DeliveryPathOptions & EditPathOptions): PathWatch {
  const { tracing } = options;
  const deliveries = new DeliveryPath(options);
  return {
    reports: (clients) => ({
      applied: Math.min(1, TELLING_CLIENTS / Math.max(1, clients)),
      ...(tracing.isOn ? { traces: tracing.ratio } : {}),
    }),
    editArrived: (edit) => {
      if (edit.mayTell) deliveries.editArrived(edit.traceparent, edit.person, edit.waitedMs);
      return watchEdit(options, edit);
    },
    flushed: (flushed) => deliveries.flushed(flushed),
    reported: ({ applied, spans }, teller) => {
      for (const one of applied) deliveries.applied(one, teller);
      for (const span of spans) deliveries.spanned(span, teller.person);
    },
  };
}
