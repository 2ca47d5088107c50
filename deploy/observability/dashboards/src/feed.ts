import { chart, dashboard, figure } from './panels.ts';

/** From Postgres' log to the nodes. */
export const feed = dashboard({
  uid: 'meldesync-feed',
  title: 'MeldeSync: feed',
  description: 'The way of changes from Postgres over the relay and Redis to the nodes',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Active relays',
          description: 'One holds the slot, others stand by. With none nobody sees what others save.',
          unit: 'none',
          queries: [['sum(meldesync_relay_active)', 'active']],
        }),
        figure({
          title: 'Delay',
          description: 'Age of the oldest commit that the relay has read and Redis has not taken.',
          unit: 's',
          queries: [['max(meldesync_feed_delay_seconds)', 'delay']],
          limits: { warn: 0.1, bad: 1 },
        }),
        figure({
          title: 'Not confirmed',
          description: 'WAL that Postgres keeps for the relay. Some minutes of it are held back on purpose.',
          unit: 'bytes',
          queries: [['max(meldesync_feed_lag_bytes)', 'WAL']],
          limits: { warn: 268_435_456, bad: 1_073_741_824 },
        }),
        figure({
          title: 'A slot waits',
          description: 'For how long a new slot has waited for open transactions on the Postgres server.',
          unit: 's',
          queries: [['max(meldesync_relay_slot_wait_seconds)', 'waits']],
          limits: { warn: 2, bad: 10 },
        }),
        figure({
          title: 'Frames in Redis',
          description: 'Entries of all streams: what clients that come back can catch up from.',
          unit: 'short',
          queries: [['max(meldesync_buffer_frames)', 'frames']],
        }),
        figure({
          title: 'Memory of it',
          description: 'Memory of the kept frames, by Redis’ own estimate.',
          unit: 'bytes',
          queries: [['max(meldesync_buffer_size_bytes)', 'memory']],
        }),
      ],
    },
    {
      title: 'The way',
      panels: [
        chart({
          title: 'Hops, p50',
          description: 'Each part of the way. Where two hosts are part of one, their clocks may differ.',
          unit: 's',
          exemplars: true,
          queries: [
            [
              'histogram_quantile(0.5, sum by (le, hop) (rate(meldesync_hop_duration_seconds_bucket[$__rate_interval])))',
              '{{hop}}',
            ],
          ],
        }),
        chart({
          title: 'Hops, p99',
          description: 'The slowest in a hundred of each part.',
          unit: 's',
          exemplars: true,
          queries: [
            [
              'histogram_quantile(0.99, sum by (le, hop) (rate(meldesync_hop_duration_seconds_bucket[$__rate_interval])))',
              '{{hop}}',
            ],
          ],
        }),
        chart({
          title: 'Age of canaries',
          description:
            'A message goes the way of every frame once a second. Old on all: Postgres or the relay; on nodes alone: Redis; on one node: its way to Redis.',
          unit: 's',
          limits: { bad: 6 },
          queries: [['meldesync_canary_age_seconds', '{{instance}}']],
        }),
        chart({
          title: 'Delay',
          description: 'Age of the oldest commit that is read and not in Redis.',
          unit: 's',
          width: 12,
          queries: [['max(meldesync_feed_delay_seconds)', 'delay']],
        }),
        chart({
          title: 'Not confirmed',
          description: 'WAL that Postgres keeps for the relay. A line that only rises fills its disk.',
          unit: 'bytes',
          width: 12,
          queries: [['max(meldesync_feed_lag_bytes)', 'WAL']],
        }),
      ],
    },
    {
      title: 'Relay',
      panels: [
        chart({
          title: 'Frames, by Redis’ answer',
          description: 'appended is well. gap: Redis lost entries; fenced: a relay that was replaced still writes.',
          unit: 'ops',
          stacked: true,
          queries: [['sum by (answer) (rate(meldesync_relay_frames_total[$__rate_interval]))', '{{answer}}']],
        }),
        chart({
          title: 'Changes',
          description: 'Changes of records sent to Redis, a second: those of imports too.',
          unit: 'ops',
          queries: [['sum(rate(meldesync_relay_changes_total[$__rate_interval]))', 'changes']],
        }),
        chart({
          title: 'Passes and epochs',
          description:
            'Passes over the log within the last hour by their reason, and epochs begun: each costs every client a snapshot.',
          unit: 'short',
          queries: [
            ['sum by (reason) (increase(meldesync_relay_passes_total[1h]))', 'pass: {{reason}}'],
            ['sum by (reason) (increase(meldesync_relay_epochs_total[1h]))', 'epoch: {{reason}}'],
          ],
        }),
      ],
    },
    {
      title: 'Streams, and who reads them',
      panels: [
        chart({
          title: 'Kept frames',
          description: 'Entries of the streams. STREAM_LENGTH and STREAM_AGE_HOURS bound them.',
          unit: 'short',
          queries: [['max(meldesync_buffer_frames)', 'frames']],
        }),
        chart({
          title: 'Memory of kept frames',
          description: 'By Redis’ own estimate.',
          unit: 'bytes',
          queries: [['max(meldesync_buffer_size_bytes)', 'memory']],
        }),
        chart({
          title: 'Catching up',
          description: 'Clients that asked to follow the feed, a second: live, or why they took a snapshot instead.',
          unit: 'ops',
          stacked: true,
          queries: [['sum by (outcome) (rate(meldesync_subscriptions_total[$__rate_interval]))', '{{outcome}}']],
        }),
        chart({
          title: 'Frames missed, p95',
          description: 'How many frames a client lacked when it came back.',
          unit: 'short',
          queries: [
            ['histogram_quantile(0.95, sum by (le) (rate(meldesync_catchup_frames_bucket[$__rate_interval])))', 'p95'],
          ],
        }),
        chart({
          title: 'Cannot be read',
          description: 'What was left out since it could not be read, within the last hour, by place. Stands at 0.',
          unit: 'short',
          queries: [['sum by (place) (increase(meldesync_unreadable_total[1h]))', '{{place}}']],
        }),
        chart({
          title: 'Clients that differed',
          description:
            'Clients that did not hold what the database holds, within the last hour. Stands at 0: it is an error of ours.',
          unit: 'short',
          queries: [['sum(increase(meldesync_divergences_total[1h]))', 'clients']],
        }),
      ],
    },
  ],
});
