import { type Finding, finding } from '../finding.ts';
import { byWho, type EventOf, type HistoryEvent } from '../history-event.ts';
import { fieldsThatDiffer, type Truth } from '../truth.ts';

/** Each screen only went forward, showed nothing that never was, and in the end shows what Postgres holds. */
export function checkScreens(truth: Truth, events: readonly HistoryEvent[]): Finding[] {
  return [...byWho(events).values()].flatMap((own) => new Screen(truth).follow(own));
}

/** One screen, followed from event to event. */
class Screen {
  readonly #truth: Truth;
  /** The latest event that showed each record, with the version; 0 once it is deleted. */
  readonly #shown = new Map<number, { readonly version: number; readonly event: HistoryEvent }>();
  readonly #found: Finding[] = [];

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  follow(events: readonly HistoryEvent[]): Finding[] {
    for (const event of events) {
      if (event.kind === 'applied') this.#apply(event);
      else if (event.kind === 'snapshot') this.#replace(event);
      else if (event.kind === 'showed') this.#compare(event);
    }
    return this.#found;
  }

  #apply(event: EventOf<'applied'>): void {
    const { record, to } = event;
    const last = this.#shown.get(record);
    const from = event.from ?? 0;
    if (last && last.version !== from)
      this.#add('version-gap', `went from version ${last.version} to ${from} unseen`, record, [last.event, event]);
    if (to === null) {
      this.#shown.set(record, { version: 0, event });
      if (this.#truth.changesOf.get(record)?.some(({ op, version }) => op === 'delete' && version > from)) return;
      this.#add('differing', 'was taken away, and nobody deleted it', record, [event]);
      return;
    }
    this.#shown.set(record, { version: to, event });
    if (to < from) this.#add('reordered', `went back from version ${from} to ${to}`, record, [event]);
    else if (to === from && event.changed.length === 0)
      this.#add('duplicated', `was shown version ${to} again`, record, [event]);
    if (!event.ahead) this.#compareContent(event, to, to - from > 1);
  }

  /** Versions may be passed over where changes came merged (P34); then all that they set must be there. */
  #compareContent(event: EventOf<'applied'>, version: number, isPassedOver: boolean): void {
    const state = this.#truth.state(event.record, version);
    if (!state?.content) {
      this.#add('differing', `version ${version} never was`, event.record, [event], state ? [state.change] : []);
      return;
    }
    const differing = fieldsThatDiffer(event.content, state.content);
    if (differing.length === 0) return;
    const what = `version ${version} is shown with another ${differing.join(', ')}`;
    this.#add(isPassedOver ? 'version-gap' : 'differing', what, event.record, [event], [state.change]);
  }

  #replace(event: EventOf<'snapshot'>): void {
    const held = new Map(event.records);
    for (const [record, version] of held) {
      const last = this.#shown.get(record);
      if (version < (last?.version ?? 0))
        this.#add(
          'reordered',
          `went back to version ${version} by a snapshot`,
          record,
          last ? [last.event, event] : [event],
        );
      else if (version > this.#truth.latest(record))
        this.#add('differing', `version ${version} never was`, record, [event]);
    }
    for (const [record, { version, event: last }] of this.#shown) {
      if (held.has(record) || version === 0) continue;
      const isDeleted = this.#truth.changesOf.get(record)?.some((change) => change.op === 'delete');
      if (!isDeleted) this.#add('lost', 'is not in the snapshot', record, [last, event]);
    }
    this.#shown.clear();
    for (const [record, version] of held) this.#shown.set(record, { version, event });
  }

  #compare(event: EventOf<'showed'>): void {
    const shown = new Map(event.records.map((record) => [record.id, record]));
    for (const row of this.#truth.dump.records) {
      const held = shown.get(row.id);
      shown.delete(row.id);
      if ((held?.version ?? 0) < row.version) {
        this.#add('lost', `has version ${held?.version ?? 0} of ${row.version} in the end`, row.id, [event], [row]);
        continue;
      }
      const differing = fieldsThatDiffer(row.content, held?.content);
      if (held?.version !== row.version) differing.push('version');
      if (held?.by !== row.by) differing.push('actor');
      if (differing.length > 0)
        this.#add('differing', `shows another ${differing.join(', ')} in the end`, row.id, [event], [row]);
    }
    for (const id of shown.keys()) this.#add('differing', 'is shown in the end and not there', id, [event]);
  }

  #add(
    kind: Finding['kind'],
    what: string,
    record: number,
    events: readonly HistoryEvent[],
    rows: readonly unknown[] = [],
  ): void {
    this.#found.push(finding(kind, `${events[0]?.who ?? ''}, record ${record}: ${what}`, events, rows));
  }
}
