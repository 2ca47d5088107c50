import { chart, dashboard, figure } from './panels.ts';

/** Whether the trail proves itself, and what goes of it. */
export const trail = dashboard({
  uid: 'meldesync-trail',
  title: 'MeldeSync: trail',
  description: 'What is on record: sealed, signed, kept for its time, and erased where somebody asked for it',
  rows: [
    {
      title: 'Now',
      panels: [
        figure({
          title: 'Who seals',
          description: 'Workers that seal the trail. One does, unless AUDIT_SEAL_INTERVAL_MS is 0.',
          unit: 'none',
          queries: [['sum(meldesync_seal_active)', 'active']],
        }),
        figure({
          title: 'Sealed after',
          description: 'How old entries are when they are sealed. A second or two is usual, more behind an import.',
          unit: 's',
          queries: [['max(meldesync_seal_lag_seconds)', 'oldest']],
          limits: { warn: 60, bad: 300 },
        }),
        figure({
          title: 'Held by a transaction',
          description: 'How long a transaction has been open that keeps later entries from being sealed.',
          unit: 's',
          queries: [['max(meldesync_seal_held_seconds)', 'open']],
          limits: { warn: 60, bad: 300 },
        }),
        figure({
          title: 'Unsigned for',
          description: 'How long the oldest seal has been there that no signed checkpoint covers.',
          unit: 's',
          queries: [['max(meldesync_seal_unsigned_seconds)', 'oldest']],
          limits: { warn: 60, bad: 900 },
        }),
        figure({
          title: 'Who lets go',
          description: 'Workers that let go of what is over its time, and finish erasures. One does.',
          unit: 'none',
          queries: [['sum(meldesync_retention_active)', 'active']],
        }),
        figure({
          title: 'Oldest open erasure',
          description: 'How long ago a case was erased that Redis or archives may still hold. Usually seconds.',
          unit: 's',
          queries: [['max(meldesync_erasure_open_seconds)', 'oldest']],
          limits: { warn: 300, bad: 900 },
        }),
      ],
    },
    {
      title: 'Sealed and signed',
      panels: [
        chart({
          title: 'Entries sealed',
          description: 'Entries a second. As many as are written, or it falls behind.',
          unit: 'ops',
          queries: [['sum(rate(meldesync_seal_entries_total[$__rate_interval]))', 'sealed']],
        }),
        chart({
          title: 'How far behind',
          description: 'Age of the oldest entry of each batch, and of the transaction that holds later ones back.',
          unit: 's',
          limits: { warn: 60, bad: 300 },
          queries: [
            ['max(meldesync_seal_lag_seconds)', 'sealed after'],
            ['max(meldesync_seal_held_seconds)', 'held'],
          ],
        }),
        chart({
          title: 'What it costs Postgres',
          description: 'Time that Postgres spends on sealing, a second; rounds a second.',
          unit: 's',
          queries: [
            ['sum(rate(meldesync_seal_query_time_seconds_total[$__rate_interval]))', 'time'],
            ['sum(rate(meldesync_seal_rounds_total[$__rate_interval]))', 'rounds'],
          ],
        }),
        chart({
          title: 'Checkpoints',
          description:
            'Writes within ten minutes to where checkpoints are kept outside the database, by what came of them.',
          unit: 'short',
          width: 12,
          queries: [['sum by (to, outcome) (increase(meldesync_checkpoints_total[10m]))', '{{to}} {{outcome}}']],
        }),
        chart({
          title: 'Written after the fact',
          description:
            'Entries about connections, locks and modes within ten minutes. untold are lost: it happened, and nothing says so.',
          unit: 'short',
          width: 12,
          queries: [['sum by (outcome) (increase(meldesync_audit_notices_total[10m]))', '{{outcome}}']],
        }),
      ],
    },
    {
      title: 'What goes',
      panels: [
        chart({
          title: 'Runs that failed',
          description: 'Runs of retention that failed since the last one that did not.',
          unit: 'short',
          queries: [['max(meldesync_retention_failed)', 'failed']],
          limits: { bad: 1 },
        }),
        chart({
          title: 'Over its time, and there',
          description: 'Kinds of which something stayed in the latest run, by why.',
          unit: 'short',
          stacked: true,
          queries: [['max by (reason) (meldesync_retention_held)', '{{reason}}']],
        }),
        chart({
          title: 'Open erasures',
          description: 'Age of the oldest erasure that Redis or archives do not follow yet.',
          unit: 's',
          queries: [['max(meldesync_erasure_open_seconds)', 'oldest']],
          limits: { bad: 900 },
        }),
      ],
    },
  ],
});
