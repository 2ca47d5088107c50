import type { CLOSE_RULES } from '@meldesync/protocol';
import type { Meter } from '@opentelemetry/api';
import {
  type AttributeValues,
  type InstrumentKind,
  METRICS,
  type Measurer,
  type MetricDefinition,
  type MetricName,
} from '../metrics-catalogue.ts';
import type { Exemplars } from './exemplars.ts';

type Definition<Name extends MetricName> = (typeof METRICS)[Name];
type Kinds = { readonly [Name in MetricName]: Definition<Name>['kind'] };

/** The metrics of some kinds that a process measures. */
export type NameOf<By extends Measurer, Kind extends InstrumentKind> = {
  [Name in MetricName]: By extends Definition<Name>['by'][number] ? (Kinds[Name] extends Kind ? Name : never) : never;
}[MetricName];

type CloseCode = (typeof CLOSE_RULES)[keyof typeof CLOSE_RULES]['code'];

/** What may stand in an attribute: the words of the catalogue, or what stands for the set that it names. */
type Value<Values> = Values extends readonly (infer Word)[]
  ? Word
  : Values extends 'close-code'
    ? `${CloseCode}` | 'other'
    : Values extends 'http-status'
      ? number
      : string;

/** The attributes of a metric: all of them, and no others. */
export type AttributesOf<Name extends MetricName> =
  Definition<Name> extends { readonly attributes: infer All }
    ? { readonly [Key in keyof All]: Value<All[Key]> }
    : undefined;

type Rest<Name extends MetricName> = AttributesOf<Name> extends undefined ? [] : [attributes: AttributesOf<Name>];

export interface Counter<Name extends MetricName> {
  /** `value` is not negative. */
  add(value: number, ...attributes: Rest<Name>): void;
}

export interface Gauge<Name extends MetricName> {
  record(value: number, ...attributes: Rest<Name>): void;
}

export interface Histogram<Name extends MetricName> {
  /** `value` is in the catalogue's unit. */
  record(value: number, ...attributes: Rest<Name>): void;
  /** Where the traces of samples are kept. */
  readonly exemplars: Exemplars;
  readonly name: Name;
}

/** Is told the values of a metric at this moment. */
type Observe<Name extends MetricName> = (value: number, ...attributes: Rest<Name>) => void;

/**
 * Makes the instruments of a process out of the catalogue: a name, an attribute or a word that it lacks is an error of types. A
 * counter whose attributes are words starts with 0 for each of them, so that the first of what it counts is a rise too.
 */
export interface Instruments<By extends Measurer> {
  counter<Name extends NameOf<By, 'counter'>>(name: Name): Counter<Name>;
  /** 0 until it is told a value, where it has no attributes. */
  gauge<Name extends NameOf<By, 'gauge'>>(name: Name): Gauge<Name>;
  histogram<Name extends NameOf<By, 'histogram'>>(name: Name): Histogram<Name>;
  /** `read` is called whenever somebody asks for the metrics. It must be cheap; what has to be asked for goes through `polled`. */
  observe<Name extends NameOf<By, 'counter' | 'gauge'>>(
    name: Name,
    read: (observe: Observe<Name>) => void | Promise<void>,
  ): void;
}

/** Those that are made by an OpenTelemetry meter. */
export function createInstruments<By extends Measurer>(meter: Meter, exemplars: Exemplars): Instruments<By> {
  return {
    counter: (name) => {
      const definition: MetricDefinition = METRICS[name];
      const counter = meter.createCounter(name, aboutOf(definition));
      for (const attributes of combinationsOf(definition.attributes ?? {}) ?? []) counter.add(0, attributes);
      return counter;
    },
    gauge: (name) => {
      const definition: MetricDefinition = METRICS[name];
      const gauge = meter.createGauge(name, aboutOf(definition));
      if (!definition.attributes) gauge.record(0);
      return gauge;
    },
    histogram: (name) => {
      const definition: MetricDefinition = METRICS[name];
      const histogram = meter.createHistogram(name, {
        ...aboutOf(definition),
        advice: { explicitBucketBoundaries: [...(definition.buckets ?? [])] },
      });
      return { name, exemplars, record: (value, attributes?: object) => histogram.record(value, { ...attributes }) };
    },
    observe: (name, read) => {
      const definition: MetricDefinition = METRICS[name];
      const instrument =
        definition.kind === 'counter'
          ? meter.createObservableCounter(name, aboutOf(definition))
          : meter.createObservableGauge(name, aboutOf(definition));
      instrument.addCallback((result) =>
        read((value, attributes?: object) => result.observe(value, { ...attributes })),
      );
    },
  };
}

/**
 * Takes a sample and keeps the trace that it was taken in as the exemplar of its bucket; without a trace that is kept somewhere
 * (sampled) it is a sample like any other.
 */
export function recordWithExemplar<Name extends NameOf<Measurer, 'histogram'> | NameOf<'node', 'histogram'>>(
  histogram: Histogram<Name>,
  value: number,
  attributes: AttributesOf<Name>,
  traceId: string | undefined,
): void {
  histogram.record(value, ...((attributes === undefined ? [] : [attributes]) as Rest<Name>));
  if (traceId !== undefined) histogram.exemplars.keep(histogram.name, value, { ...attributes }, traceId);
}

/** More series than this no metric has, whatever the sets of its attributes would allow. */
const MOST_SERIES = 2_000;
/** How many values the sets have that the catalogue does not spell out. */
const SET_SIZES = { 'close-code': 13, 'http-status': 40, 'http-route': 50 };

/** How many series a metric may have at most. */
export function mostSeries({ attributes = {} }: MetricDefinition): number {
  const sizes = Object.values(attributes).map((values) =>
    typeof values === 'string' ? SET_SIZES[values] : values.length,
  );
  return Math.min(
    MOST_SERIES,
    sizes.reduce((product, size) => product * size, 1),
  );
}

function aboutOf({ unit, description }: MetricDefinition) {
  return { unit, description };
}

/** All sets of attributes there can be; undefined where one of them has no words. */
function combinationsOf(attributes: Readonly<Record<string, AttributeValues>>): Record<string, string>[] | undefined {
  let all: Record<string, string>[] = [{}];
  for (const [key, values] of Object.entries(attributes)) {
    if (typeof values === 'string') return undefined;
    all = all.flatMap((some) => values.map((word) => ({ ...some, [key]: word })));
  }
  return all;
}
