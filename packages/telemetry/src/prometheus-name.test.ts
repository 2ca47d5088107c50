import { describe, expect, it } from 'vitest';
import { METRICS, type MetricDefinition } from './metrics-catalogue.ts';
import { prometheusLabel, prometheusName, prometheusSeries } from './prometheus-name.ts';

describe('names in Prometheus', () => {
  it.each([
    ['meldesync.delivery.duration', 'histogram', 's', 'meldesync_delivery_duration_seconds'],
    ['meldesync.feed.lag', 'gauge', 'By', 'meldesync_feed_lag_bytes'],
    ['meldesync.connections.by_tier', 'gauge', '{connection}', 'meldesync_connections_by_tier'],
    ['meldesync.conflicts', 'counter', '{conflict}', 'meldesync_conflicts_total'],
    ['meldesync.sweep.query.time', 'counter', 's', 'meldesync_sweep_query_time_seconds_total'],
    ['nodejs.eventloop.utilization', 'gauge', '1', 'nodejs_eventloop_utilization_ratio'],
    ['share.of.things', 'counter', '1', 'share_of_things_total'],
    ['http.server.request.duration', 'histogram', 's', 'http_server_request_duration_seconds'],
    // Said already, in the name.
    ['time.in.seconds', 'gauge', 's', 'time_in_seconds'],
    ['total.of.things', 'counter', '{thing}', 'of_things_total'],
    ['odd--name..of', 'gauge', '', 'odd_name_of'],
    ['bytes.a.time', 'gauge', 'By/s', 'bytes_a_time_By_s'],
  ] as const)('%s, a %s in %s: %s', (name, kind, unit, expected) => {
    expect(prometheusName(name, { kind, unit })).toBe(expected);
  });

  it('gives a histogram three series', () => {
    expect(prometheusSeries('meldesync.hop.duration', METRICS['meldesync.hop.duration'])).toEqual([
      'meldesync_hop_duration_seconds_bucket',
      'meldesync_hop_duration_seconds_sum',
      'meldesync_hop_duration_seconds_count',
    ]);
    expect(prometheusSeries('meldesync.messages', METRICS['meldesync.messages'])).toEqual(['meldesync_messages_total']);
  });

  it('makes a label of an attribute', () => {
    expect(prometheusLabel('db.client.connection.state')).toBe('db_client_connection_state');
  });

  it('gives each series of the catalogue a name that Prometheus takes, and none twice', () => {
    const all = Object.entries<MetricDefinition>(METRICS).flatMap(([name, definition]) =>
      prometheusSeries(name, definition),
    );
    for (const name of all) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(new Set(all).size).toBe(all.length);
  });
});
