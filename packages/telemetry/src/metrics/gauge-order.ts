import {
  LastValueAccumulation,
  LastValueAggregator,
} from '@opentelemetry/sdk-metrics/build/src/aggregator/LastValue.js';

/**
 * Makes what a gauge is told last its value. The SDK takes what was told at the latest time of the wall clock (sdk-metrics 2.12,
 * `LastValueAggregator`), so that a clock that is set back makes every gauge stand still for as long as it was set back; it always hands
 * the later of the two as the second, so no clock is needed. May be called more than once.
 */
export function takeGaugesInOrder(): void {
  LastValueAggregator.prototype.merge = (previous, delta) =>
    new LastValueAccumulation(previous.startTime, delta.toPointValue(), delta.sampleTime);
  LastValueAggregator.prototype.diff = (_previous, current) => current;
}
