import { Sketch, type SketchState } from './sketch.ts';

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';
/** What the values are: decides how they are printed. */
export type Contains = 'default' | 'time' | 'data';

/** What came in since the last state was taken, in a form that can be sent. */
export type SinkState =
  | { readonly type: 'counter'; readonly sum: number; readonly samples: number }
  | { readonly type: 'gauge'; readonly value: number; readonly min: number; readonly max: number }
  | { readonly type: 'rate'; readonly passes: number; readonly total: number }
  | { readonly type: 'trend'; readonly sketch: SketchState };

/** Takes in the values of a metric, or of a part of them. */
export class Sink {
  readonly type: MetricType;
  /** Values taken in. */
  samples = 0;
  sum = 0;
  value = 0;
  min = 0;
  max = 0;
  passes = 0;
  readonly sketch: Sketch | undefined;

  constructor(type: MetricType) {
    this.type = type;
    this.sketch = type === 'trend' ? new Sketch() : undefined;
  }

  add(value: number): void {
    this.samples += 1;
    switch (this.type) {
      case 'counter':
        this.sum += value;
        return;
      case 'gauge':
        this.#see(value, value, value);
        return;
      case 'rate':
        if (value !== 0) this.passes += 1;
        return;
      case 'trend':
        this.sketch?.add(value);
    }
  }

  #see(value: number, min: number, max: number): void {
    this.min = this.samples <= 1 ? min : Math.min(this.min, min);
    this.max = this.samples <= 1 ? max : Math.max(this.max, max);
    this.value = value;
  }

  merge(state: SinkState): void {
    switch (state.type) {
      case 'counter':
        this.samples += state.samples;
        this.sum += state.sum;
        return;
      case 'gauge':
        this.samples += 1;
        this.#see(state.value, state.min, state.max);
        return;
      case 'rate':
        this.samples += state.total;
        this.passes += state.passes;
        return;
      case 'trend':
        this.samples += state.sketch.count;
        this.sketch?.merge(state.sketch);
    }
  }

  state(): SinkState {
    switch (this.type) {
      case 'counter':
        return { type: 'counter', sum: this.sum, samples: this.samples };
      case 'gauge':
        return { type: 'gauge', value: this.value, min: this.min, max: this.max };
      case 'rate':
        return { type: 'rate', passes: this.passes, total: this.samples };
      case 'trend':
        return { type: 'trend', sketch: (this.sketch ?? new Sketch()).state() };
    }
  }

  clear(): void {
    this.samples = 0;
    this.sum = 0;
    this.passes = 0;
    this.sketch?.clear();
  }
}
