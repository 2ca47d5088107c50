import type { Submetric } from '../options/plan.ts';
import { type Contains, type MetricType, Sink, type SinkState } from './sink.ts';

export type Tags = Readonly<Record<string, string>>;

interface WatchedPart {
  readonly key: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly sink: Sink;
}

/** A metric of a thread: all of its values, and the parts that thresholds are about. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: Contains;
  readonly sink: Sink;
  readonly parts: WatchedPart[];
}

export interface MetricDescription {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: Contains;
}

/** The metrics of a thread. What they took in is taken away again and again, and added up elsewhere. */
export class Registry {
  readonly #metrics = new Map<string, Metric>();
  #watched: readonly Submetric[] = [];

  /** Defines a metric, or gives the one that has the name. */
  define(name: string, type: MetricType, contains: Contains = 'default'): Metric {
    const known = this.#metrics.get(name);
    if (known) {
      if (known.type === type) return known;
      throw new Error(`the metric ${name} is a ${known.type} already, and cannot be a ${type} too`);
    }
    if (!/^[\p{L}_][\p{L}\p{N}_]{0,127}$/u.test(name)) throw new Error(`"${name}" is no name for a metric`);
    const metric: Metric = { name, type, contains, sink: new Sink(type), parts: [] };
    this.#metrics.set(name, metric);
    this.#watchParts(metric);
    return metric;
  }

  /** From here on these parts are kept beside the whole. */
  watch(submetrics: readonly Submetric[]): void {
    this.#watched = submetrics;
    for (const metric of this.#metrics.values()) this.#watchParts(metric);
  }

  #watchParts(metric: Metric): void {
    for (const { key, metric: name, tags } of this.#watched) {
      if (name === metric.name) metric.parts.push({ key, tags: Object.entries(tags), sink: new Sink(metric.type) });
    }
  }

  describe(): MetricDescription[] {
    return [...this.#metrics.values()].map(({ name, type, contains }) => ({ name, type, contains }));
  }

  /** What came in since the last call, by the metric or the part of it. */
  take(): Record<string, SinkState> {
    const taken: Record<string, SinkState> = {};
    for (const { name, sink, parts } of this.#metrics.values()) {
      if (sink.samples === 0) continue;
      taken[name] = sink.state();
      sink.clear();
      for (const { key, sink } of parts) {
        if (sink.samples === 0) continue;
        taken[key] = sink.state();
        sink.clear();
      }
    }
    return taken;
  }
}

/** Adds a value. Tags of the call go before those that the VU has anyway. */
export function emit(metric: Metric, value: number, standing: Tags, tags?: Tags): void {
  metric.sink.add(value);
  for (const part of metric.parts) {
    if (part.tags.every(([name, wanted]) => (tags?.[name] ?? standing[name]) === wanted)) part.sink.add(value);
  }
}

/** The metrics that k6 has of itself, as far as the runner measures them. */
export function defineBuiltIn(registry: Registry) {
  return {
    iterations: registry.define('iterations', 'counter'),
    iterationDuration: registry.define('iteration_duration', 'trend', 'time'),
    droppedIterations: registry.define('dropped_iterations', 'counter'),
    groupDuration: registry.define('group_duration', 'trend', 'time'),
    checks: registry.define('checks', 'rate'),
    dataSent: registry.define('data_sent', 'counter', 'data'),
    dataReceived: registry.define('data_received', 'counter', 'data'),
    httpReqs: registry.define('http_reqs', 'counter'),
    httpReqFailed: registry.define('http_req_failed', 'rate'),
    httpReqDuration: registry.define('http_req_duration', 'trend', 'time'),
    httpReqWaiting: registry.define('http_req_waiting', 'trend', 'time'),
    httpReqReceiving: registry.define('http_req_receiving', 'trend', 'time'),
    wsSessions: registry.define('ws_sessions', 'counter'),
    wsConnecting: registry.define('ws_connecting', 'trend', 'time'),
    wsSessionDuration: registry.define('ws_session_duration', 'trend', 'time'),
    wsMsgsSent: registry.define('ws_msgs_sent', 'counter'),
    wsMsgsReceived: registry.define('ws_msgs_received', 'counter'),
    vus: registry.define('vus', 'gauge'),
    vusMax: registry.define('vus_max', 'gauge'),
  };
}

export type BuiltIn = ReturnType<typeof defineBuiltIn>;
