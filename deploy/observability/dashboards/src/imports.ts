import { chart, dashboard, figure } from './panels.ts';

/** What the workers do. */
export const imports = dashboard({
  uid: 'meldesync-imports',
  title: 'MeldeSync: imports',
  description: 'CSV files on their way into Postgres, and the search for what was written past the triggers',
  rows: [
    {
      title: 'Imports',
      panels: [
        chart({
          title: 'Queue',
          description:
            'Jobs of imports, by state. Some wait while files come in; all wait and none is active: it is stuck.',
          unit: 'short',
          stacked: true,
          queries: [['max by (state) (meldesync_queue_depth)', '{{state}}']],
        }),
        chart({
          title: 'Rows',
          description: 'Rows a second, by what became of them. deferred are locked by somebody and come later.',
          unit: 'ops',
          stacked: true,
          queries: [['sum by (outcome) (rate(meldesync_import_rows_total[$__rate_interval]))', '{{outcome}}']],
        }),
        chart({
          title: 'Batches',
          description: 'One batch, from its first statement to its commit.',
          unit: 's',
          exemplars: true,
          queries: [
            [
              'histogram_quantile(0.5, sum by (le) (rate(meldesync_import_batch_duration_seconds_bucket[$__rate_interval])))',
              'p50',
            ],
            [
              'histogram_quantile(0.95, sum by (le) (rate(meldesync_import_batch_duration_seconds_bucket[$__rate_interval])))',
              'p95',
            ],
          ],
        }),
        chart({
          title: 'Ended',
          description: 'Imports that ended within the last hour, by how.',
          unit: 'short',
          width: 12,
          stacked: true,
          queries: [['sum by (outcome) (increase(meldesync_imports_total[1h]))', '{{outcome}}']],
        }),
        chart({
          title: 'Edits meanwhile, p95',
          description: 'What imports must not make slow: from commit to applied, of all edits.',
          unit: 's',
          width: 12,
          limits: { bad: 0.1 },
          exemplars: true,
          queries: [
            [
              'histogram_quantile(0.95, sum by (le) (rate(meldesync_delivery_duration_seconds_bucket[$__rate_interval])))',
              'p95',
            ],
          ],
        }),
      ],
    },
    {
      title: 'Written past the triggers',
      panels: [
        figure({
          title: 'Who looks',
          description:
            'Workers that look for records written past the triggers. One does, unless SWEEP_INTERVAL_MS is 0.',
          unit: 'none',
          queries: [['sum(meldesync_sweep_active)', 'active']],
        }),
        figure({
          title: 'Cannot be told',
          description: 'Records of which nothing can be told, because they are locked or Postgres refuses it.',
          unit: 'short',
          queries: [['max(meldesync_untold_records_left)', 'left']],
          limits: { bad: 1 },
        }),
        chart({
          title: 'Found',
          description: 'Records that were written past the triggers, within the last hour, by what had been done.',
          unit: 'short',
          queries: [['sum by (op) (increase(meldesync_untold_records_total[1h]))', '{{op}}']],
        }),
        chart({
          title: 'A round through all records',
          description: 'How long it took, with its pauses, and the time that Postgres spends on it, a second.',
          unit: 's',
          queries: [
            ['max(meldesync_sweep_round_seconds)', 'round'],
            ['sum(rate(meldesync_sweep_query_time_seconds_total[$__rate_interval]))', 'Postgres'],
          ],
        }),
      ],
    },
  ],
});
