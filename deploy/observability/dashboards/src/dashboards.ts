import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { feed } from './feed.ts';
import { imports } from './imports.ts';
import { nodes } from './nodes.ts';
import { overview } from './overview.ts';
import { trail } from './trail.ts';

/** Every dashboard, by the name of its file without `.json`. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  overview,
  feed,
  nodes,
  imports,
  trail,
};

/** A dashboard as its file holds it. */
export function asFile(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
