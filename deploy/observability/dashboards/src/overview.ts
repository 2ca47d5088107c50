import { chart, dashboard, figure, heat } from './panels.ts';

const DELIVERY = 'meldesync_delivery_duration_seconds';
const EDIT = 'meldesync_edit_duration_seconds';

/** What one looks at first: do edits reach the screens, how fast, and how many people there are. */
export const overview = dashboard({
  uid: 'meldesync-overview',
  title: 'MeldeSync: overview',
  description: 'Whether edits are on all screens within 100 ms, and what the cluster has to do',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Within 100 ms',
          description:
            'Share of edits of the last hour that succeeded and were on screens within 100 ms. 99.5 % is the objective.',
          unit: 'percentunit',
          queries: [['1 - meldesync:slo_missed:ratio_rate1h', 'last hour']],
        }),
        figure({
          title: 'Allowance used, 3 days',
          description:
            'Missed edits of the last three days beside the 0.5 % that may be missed: above 1 it is too many.',
          unit: 'percentunit',
          queries: [['meldesync:slo_missed:ratio_rate3d / 0.005', 'three days']],
          limits: { warn: 0.5, bad: 1 },
        }),
        figure({
          title: 'Level',
          description: '0 normal, 1 reduced (imports slower), 2 minimal (screens get changes further apart), 3 manual.',
          unit: 'none',
          queries: [['max(meldesync_degradation_level)', 'level']],
          limits: { warn: 1, bad: 3 },
        }),
        figure({
          title: 'Active relays',
          description: 'Relays that hold the slot. One does; with none, nobody sees what others save.',
          unit: 'none',
          queries: [['sum(meldesync_relay_active)', 'active']],
        }),
        figure({
          title: 'Age of what is shown',
          description: 'Age of the newest canary on the node that is furthest behind. Above 6 s its pages say so.',
          unit: 's',
          queries: [['max(meldesync:node_canary_age_seconds)', 'oldest']],
          limits: { warn: 3, bad: 6 },
        }),
        figure({
          title: 'Connections',
          description: 'Open WebSocket connections of all nodes.',
          unit: 'short',
          queries: [['sum(meldesync_connections)', 'open']],
        }),
      ],
    },
    {
      title: 'From commit to screen',
      panels: [
        chart({
          title: 'From commit to applied',
          description:
            'As a sampled share of clients saw it, all tiers. Dots are single edits: they lead to the trace of one.',
          unit: 's',
          width: 12,
          exemplars: true,
          limits: { bad: 0.1 },
          queries: [
            [`histogram_quantile(0.5, sum by (le) (rate(${DELIVERY}_bucket[$__rate_interval])))`, 'p50'],
            [`histogram_quantile(0.95, sum by (le) (rate(${DELIVERY}_bucket[$__rate_interval])))`, 'p95'],
            [`histogram_quantile(0.99, sum by (le) (rate(${DELIVERY}_bucket[$__rate_interval])))`, 'p99'],
          ],
        }),
        heat({
          title: 'How it is spread',
          description: 'The same samples by how long they took: two stripes are two kinds of screens.',
          unit: 's',
          queries: [[`sum by (le) (increase(${DELIVERY}_bucket[$__rate_interval]))`, '{{le}}']],
        }),
        chart({
          title: 'By tier, p95',
          description:
            'Clients on poor lines get changes 250 ms to 5 s apart on purpose: a higher tier is later by about that.',
          unit: 's',
          queries: [
            [`histogram_quantile(0.95, sum by (le, tier) (rate(${DELIVERY}_bucket[$__rate_interval])))`, '{{tier}} ms'],
          ],
        }),
        chart({
          title: 'Where the time goes, p95',
          description:
            'Each part of the way, from the commit to the client. Parts of different edits: they do not add up exactly.',
          unit: 's',
          queries: [
            [
              'histogram_quantile(0.95, sum by (le, hop) (rate(meldesync_hop_duration_seconds_bucket[$__rate_interval])))',
              '{{hop}}',
            ],
          ],
        }),
        chart({
          title: 'Answering an edit, p95',
          description: 'From the arrival of an edit at a node until its answer was sent, by what came of it.',
          unit: 's',
          queries: [
            [`histogram_quantile(0.95, sum by (le, outcome) (rate(${EDIT}_bucket[$__rate_interval])))`, '{{outcome}}'],
          ],
        }),
        chart({
          title: 'Missed, by window',
          description:
            'Share of edits that failed or were late. The alerts fire where both windows of a pair are above their limit.',
          unit: 'percentunit',
          width: 12,
          queries: [
            ['meldesync:slo_missed:ratio_rate5m', '5 min'],
            ['meldesync:slo_missed:ratio_rate1h', '1 h'],
            ['meldesync:slo_missed:ratio_rate6h', '6 h'],
            ['meldesync:slo_missed:ratio_rate3d', '3 days'],
          ],
        }),
        chart({
          title: 'HTTP requests, p95',
          description: 'Snapshots, missed frames, the API and the web app itself, by route.',
          unit: 's',
          width: 12,
          queries: [
            [
              'histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket[$__rate_interval])))',
              '{{http_route}}',
            ],
          ],
        }),
      ],
    },
    {
      title: 'How much',
      panels: [
        chart({
          title: 'Edits',
          description: 'Edits a second, by what came of them. Conflicts are edits that somebody else was faster than.',
          unit: 'ops',
          stacked: true,
          queries: [[`sum by (outcome) (rate(${EDIT}_count[$__rate_interval]))`, '{{outcome}}']],
        }),
        chart({
          title: 'Deliveries',
          description: 'Frames times the live clients they went to, a second.',
          unit: 'ops',
          queries: [['sum(rate(meldesync_deliveries_total[$__rate_interval]))', 'deliveries']],
        }),
        chart({
          title: 'Trouble',
          description: 'Lines of the logs from warnings on, a second. Which ones, the logs say.',
          unit: 'ops',
          stacked: true,
          queries: [['sum by (level) (rate(meldesync_log_lines_total[$__rate_interval]))', '{{level}}']],
        }),
      ],
    },
    {
      title: 'Connections',
      panels: [
        chart({
          title: 'By state',
          description: 'How far connections are. Many in greeting or loading: people come back all at once.',
          unit: 'short',
          stacked: true,
          queries: [['sum by (state) (meldesync_connections)', '{{state}}']],
        }),
        chart({
          title: 'By tier',
          description:
            'How many milliseconds apart clients get changes. Most belong at 0; many others on one node: its processor.',
          unit: 'short',
          stacked: true,
          queries: [['sum by (tier) (meldesync_connections_by_tier)', '{{tier}} ms']],
        }),
        chart({
          title: 'Coming back',
          description: 'Clients that came back, a second, by what had ended their connection.',
          unit: 'ops',
          stacked: true,
          queries: [['sum by (reason) (rate(meldesync_reconnects_total[$__rate_interval]))', '{{reason}}']],
        }),
        chart({
          title: 'Closed',
          description: 'Connections that ended, a second, by close code and who closed. docs/runbook.md has the codes.',
          unit: 'ops',
          width: 12,
          stacked: true,
          queries: [
            ['sum by (code, by) (rate(meldesync_connections_closed_total[$__rate_interval]))', '{{code}} {{by}}'],
          ],
        }),
        chart({
          title: 'Locks',
          description: 'Cases that somebody edits now.',
          unit: 'short',
          width: 12,
          queries: [['sum(meldesync_locks_held)', 'held']],
        }),
      ],
    },
  ],
});
