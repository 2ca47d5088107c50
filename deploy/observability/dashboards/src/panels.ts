import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  RowBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** A unit of Grafana's, by its id. */
type Unit = 's' | 'bytes' | 'percentunit' | 'short' | 'none' | 'ops' | 'reqps';

/** What a panel shows, and how it is explained to who sees it for the first time. */
interface PanelOptions {
  readonly title: string;
  readonly description: string;
  readonly unit: Unit;
  /** PromQL, and what its lines are called: `{{label}}` is a label's value. */
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  /** From which value on it is yellow and red. */
  readonly limits?: { readonly warn?: number; readonly bad?: number };
}

interface ChartOptions extends PanelOptions {
  /** A share of the 24 columns; 8 by default. */
  readonly width?: number;
  readonly stacked?: boolean;
  /** Whether samples of it carry trace ids, shown as dots that lead to the trace. */
  readonly exemplars?: boolean;
}

interface DashboardOptions {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Builder<Panel>[] }[];
}

/** Whoever takes a dashboard chooses the Prometheus at its top. */
const DATA_SOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };
const TAG = 'meldesync';
const CHART_HEIGHT = 8;
const FIGURE_HEIGHT = 5;

/** The queries of a panel, named A, B, C… */
function queries({ queries }: PanelOptions, { exemplars }: { exemplars: boolean }): DataqueryBuilder[] {
  return queries.map(([expr, legend], index) =>
    new DataqueryBuilder()
      .refId(String.fromCodePoint(65 + index))
      .expr(expr)
      .legendFormat(legend)
      .datasource(DATA_SOURCE)
      .exemplar(exemplars)
      .range(),
  );
}

function thresholds({ warn, bad }: NonNullable<PanelOptions['limits']>) {
  const steps: Threshold[] = [{ value: null, color: 'green' }];
  if (warn !== undefined) steps.push({ value: warn, color: 'yellow' });
  if (bad !== undefined) steps.push({ value: bad, color: 'red' });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

/** Lines over time. */
export function chart(options: ChartOptions): Builder<Panel> {
  const { title, description, unit, limits, width = 8, stacked = false, exemplars = false } = options;
  const panel = new TimeSeriesBuilder()
    .targets(queries(options, { exemplars }))
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(DATA_SOURCE)
    .span(width)
    .height(CHART_HEIGHT)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Never)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (limits) panel.thresholds(thresholds(limits));
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return panel;
}

/** The latest value, large, with its course behind it. */
export function figure(options: PanelOptions): Builder<Panel> {
  const { title, description, unit, limits } = options;
  return new StatBuilder()
    .targets(queries(options, { exemplars: false }))
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATA_SOURCE)
    .span(4)
    .height(FIGURE_HEIGHT)
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .thresholds(thresholds(limits ?? {}))
    .noValue('–');
}

/** How the samples of a histogram are spread, over time. */
export function heat(options: PanelOptions): Builder<Panel> {
  const { title, description, unit } = options;
  return new HeatmapBuilder()
    .targets(queries(options, { exemplars: true }).map((query) => query.format(PromQueryFormat.Heatmap)))
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .span(12)
    .height(CHART_HEIGHT)
    .unit(unit)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(32))
    .yAxis(new YAxisConfigBuilder().unit(unit))
    .exemplarsColor('rgba(31, 96, 196, 0.9)');
}

/** A dashboard of rows; it leads to the others of ours. */
export function dashboard({ uid, title, description, rows }: DashboardOptions): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .link(new DashboardLinkBuilder('MeldeSync').type(DashboardLinkType.Dashboards).tags([TAG]).keepTime(true));
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const built = builder.build();
  for (const [index, panel] of (built.panels ?? []).entries()) panel.id = index + 1;
  return built;
}
