import { expect, it } from 'vitest';
import { Exemplars } from './exemplars.ts';
import { toOpenMetrics } from './open-metrics.ts';

const TEXT = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_name="meldesync-node"} 1
# HELP meldesync_frames_total Frames
# TYPE meldesync_frames_total counter
meldesync_frames_total 7
# HELP things_total A gauge
# TYPE things_total gauge
things_total 1
# HELP meldesync_edit_duration_seconds Edits
# UNIT meldesync_edit_duration_seconds seconds
# TYPE meldesync_edit_duration_seconds histogram
meldesync_edit_duration_seconds_count{outcome="accepted",via="web"} 3
meldesync_edit_duration_seconds_sum{outcome="accepted",via="web"} 40.1
meldesync_edit_duration_seconds_bucket{outcome="accepted",via="web",le="0.05"} 1
meldesync_edit_duration_seconds_bucket{outcome="accepted",via="web",le="0.1"} 2
meldesync_edit_duration_seconds_bucket{outcome="accepted",via="web",le="+Inf"} 3
meldesync_edit_duration_seconds_bucket{outcome="conflict",via="web",le="0.1"} 1
`;
const FIRST = '0af7651916cd43dd8448eb211c80319c';
const SECOND = '1bf7651916cd43dd8448eb211c80319c';

it('R5.4 a bucket has the newest exemplar that fell into it, and no other series has it', () => {
  const exemplars = new Exemplars();
  const attributes = { outcome: 'accepted', via: 'web' } as const;
  exemplars.keep('meldesync.edit.duration', 0.09, attributes, FIRST, 1_000);
  exemplars.keep('meldesync.edit.duration', 0.1, { via: 'web', outcome: 'accepted' }, SECOND, 1_769_076_000_123);
  exemplars.keep('meldesync.edit.duration', 40, attributes, FIRST, 2_000);
  const lines = toOpenMetrics(TEXT, exemplars).split('\n');
  expect(lines.filter((line) => line.includes('trace_id'))).toEqual([
    `meldesync_edit_duration_seconds_bucket{outcome="accepted",via="web",le="0.1"} 2 # {trace_id="${SECOND}"} 0.1 1769076000.123`,
    `meldesync_edit_duration_seconds_bucket{outcome="accepted",via="web",le="+Inf"} 3 # {trace_id="${FIRST}"} 40 2.000`,
  ]);
});

it('says of a counter what it is without _total, of nothing else, and marks the end', () => {
  const text = toOpenMetrics(TEXT, new Exemplars());
  expect(text).toContain('# HELP meldesync_frames Frames\n# TYPE meldesync_frames counter\nmeldesync_frames_total 7\n');
  expect(text).toContain('# HELP things_total A gauge\n# TYPE things_total gauge\n');
  expect(text.endsWith('\n# EOF\n')).toBe(true);
  expect(text).not.toContain('trace_id');
});
