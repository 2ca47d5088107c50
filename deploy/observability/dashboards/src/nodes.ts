import { chart, dashboard } from './panels.ts';

/** Each process: nodes, relays and workers. */
export const nodes = dashboard({
  uid: 'meldesync-nodes',
  title: 'MeldeSync: processes',
  description: 'Processor, memory, connections and sockets of each node, relay and worker',
  rows: [
    {
      title: 'Event loop and processor',
      panels: [
        chart({
          title: 'Delay of the event loop, p99',
          description:
            'One wait in a hundred is longer. Above 0.1 s people notice; above 1 s clients take the node for silent.',
          unit: 's',
          limits: { warn: 0.1, bad: 1 },
          queries: [['nodejs_eventloop_delay_p99_seconds', '{{instance}}']],
        }),
        chart({
          title: 'Busy',
          description: 'Share of the time in which the event loop had something to do.',
          unit: 'percentunit',
          limits: { warn: 0.7, bad: 0.9 },
          queries: [['nodejs_eventloop_utilization_ratio', '{{instance}}']],
        }),
        chart({
          title: 'Processor',
          description: 'Share of one core. Collecting garbage and compressing may take more than one.',
          unit: 'percentunit',
          queries: [['sum by (instance) (rate(process_cpu_time_seconds_total[$__rate_interval]))', '{{instance}}']],
        }),
      ],
    },
    {
      title: 'Memory',
      panels: [
        chart({
          title: 'Memory',
          description: 'Of each process, in RAM.',
          unit: 'bytes',
          limits: { warn: 1_073_741_824, bad: 1_610_612_736 },
          queries: [['process_memory_usage_bytes', '{{instance}}']],
        }),
        chart({
          title: 'Heap',
          description: 'What V8 has in use. The rest of the memory is buffers: sockets, frames, compression.',
          unit: 'bytes',
          queries: [['sum by (instance) (v8js_memory_heap_used_bytes)', '{{instance}}']],
        }),
        chart({
          title: 'Collecting garbage',
          description: 'Share of the time that it takes, by kind; nothing else happens meanwhile.',
          unit: 'percentunit',
          queries: [
            [
              'sum by (instance, v8js_gc_type) (rate(v8js_gc_duration_seconds_sum[$__rate_interval]))',
              '{{instance}} {{v8js_gc_type}}',
            ],
          ],
        }),
      ],
    },
    {
      title: 'Connections to Postgres',
      panels: [
        chart({
          title: 'In the pool',
          description: 'Connections to Postgres, used and idle.',
          unit: 'short',
          stacked: true,
          queries: [
            [
              'sum by (instance, db_client_connection_state) (db_client_connection_count)',
              '{{instance}} {{db_client_connection_state}}',
            ],
          ],
        }),
        chart({
          title: 'Waiting for one',
          description:
            'Who waits for a connection of the pool. Always some: statements are slow, or locks are waited for.',
          unit: 'short',
          queries: [['sum by (instance) (db_client_connection_pending_requests)', '{{instance}}']],
        }),
        chart({
          title: 'Wait, p95',
          description: 'How long a connection of the pool was waited for.',
          unit: 's',
          limits: { bad: 0.1 },
          queries: [
            [
              'histogram_quantile(0.95, sum by (le, instance) (rate(db_client_connection_wait_time_seconds_bucket[$__rate_interval])))',
              '{{instance}}',
            ],
          ],
        }),
      ],
    },
    {
      title: 'Sockets',
      panels: [
        chart({
          title: 'Connections',
          description: 'WebSocket connections of each node. All on one: look at the balancer.',
          unit: 'short',
          stacked: true,
          queries: [['sum by (instance) (meldesync_connections)', '{{instance}}']],
        }),
        chart({
          title: 'Messages from clients',
          description: 'Received, a second.',
          unit: 'ops',
          queries: [['sum by (instance) (rate(meldesync_messages_total[$__rate_interval]))', '{{instance}}']],
        }),
        chart({
          title: 'Deliveries',
          description: 'Frames times the live clients they went to, a second: most of a node’s work.',
          unit: 'ops',
          queries: [['sum by (instance) (rate(meldesync_deliveries_total[$__rate_interval]))', '{{instance}}']],
        }),
        chart({
          title: 'Merged and dropped',
          description: 'Frames that slow clients got as part of another, and times that they left too much unread.',
          unit: 'ops',
          queries: [
            ['sum by (instance) (rate(meldesync_frames_merged_total[$__rate_interval]))', '{{instance}} merged'],
            ['sum by (instance) (rate(meldesync_dropped_total[$__rate_interval]))', '{{instance}} dropped'],
          ],
        }),
        chart({
          title: 'Pages read',
          description:
            'Pages of snapshots read from Postgres, and of frames from Redis, a second. The others were shared.',
          unit: 'ops',
          queries: [
            ['sum by (instance) (rate(meldesync_snapshot_queries_total[$__rate_interval]))', '{{instance}} snapshot'],
            ['sum by (instance) (rate(meldesync_frame_pages_total[$__rate_interval]))', '{{instance}} frames'],
          ],
        }),
        chart({
          title: 'HTTP requests',
          description: 'A second, by node and status.',
          unit: 'reqps',
          queries: [
            [
              'sum by (instance, http_response_status_code) (rate(http_server_request_duration_seconds_count[$__rate_interval]))',
              '{{instance}} {{http_response_status_code}}',
            ],
          ],
        }),
      ],
    },
    {
      title: 'Telemetry',
      panels: [
        chart({
          title: 'Spans lost',
          description:
            'Spans that the Collector did not take, and that found the queue full. No edit waits for either.',
          unit: 'ops',
          width: 12,
          queries: [
            [
              'sum by (instance) (rate(otel_sdk_exporter_span_exported_total{error_type!=""}[$__rate_interval]))',
              '{{instance}} refused',
            ],
            [
              'sum by (instance) (rate(otel_sdk_processor_span_processed_total{error_type!=""}[$__rate_interval]))',
              '{{instance}} queue full',
            ],
          ],
        }),
        chart({
          title: 'Answers',
          description: '1 where Prometheus gets an answer of the admin port.',
          unit: 'none',
          width: 12,
          queries: [['up{job=~"meldesync(-.*)?"}', '{{instance}}']],
        }),
      ],
    },
  ],
});
