import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './page.css';
import type { ReportChart, ReportData } from '../report-data.ts';

const CHART_HEIGHT = 200;
const LINE_COLORS = ['--first', '--second', '--third'];
/** Lines differ by more than their colour. */
const LINE_DASHES = [[], [8, 4], [2, 3]];

type Child = Node | string;

function element(name: string, className: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

function cell(name: 'td' | 'th', className: string, ...children: Child[]): HTMLElement {
  const made = element(name, className, ...children);
  if (name === 'th') made.setAttribute('scope', 'col');
  return made;
}

function table(head: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const titles = head.map((title, index) => cell('th', index > 1 ? 'number' : '', title));
  return element('table', '', element('thead', '', element('tr', '', ...titles)), element('tbody', '', ...rows));
}

function thresholds(data: ReportData): HTMLElement {
  const rows = data.thresholds.map(({ metric, threshold, ok, value }) =>
    element(
      'tr',
      '',
      cell('td', '', element('code', '', metric)),
      cell('td', '', element('code', '', threshold)),
      cell('td', 'number', value),
      cell('td', `number ${ok ? 'good' : 'bad'}`, ok ? 'held' : 'missed'),
    ),
  );
  return table(['metric', 'threshold', 'value', 'outcome'], rows);
}

function checks(data: ReportData): HTMLElement {
  const rows = data.checks.map(({ path, passes, fails }) =>
    element(
      'tr',
      '',
      cell('td', '', path),
      cell('td', fails === 0 ? 'good' : 'bad', fails === 0 ? 'held' : 'failed'),
      cell('td', 'number', String(passes)),
      cell('td', 'number', String(fails)),
    ),
  );
  return table(['check', 'outcome', 'passed', 'failed'], rows);
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(chart: ReportChart, place: HTMLElement): uPlot {
  const axis = {
    stroke: () => color('--soft'),
    grid: { stroke: () => color('--line'), width: 1 },
    ticks: { stroke: () => color('--line'), width: 1 },
  };
  return new uPlot(
    {
      width: place.clientWidth,
      height: CHART_HEIGHT,
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
      axes: [
        { ...axis, values: (_, seconds) => seconds.map((second) => `${second} s`) },
        { ...axis, size: 64 },
      ],
      series: [
        { label: 'second' },
        ...chart.lines.map(({ label }, index) => ({
          label,
          stroke: () => color(LINE_COLORS[index] ?? '--first'),
          dash: LINE_DASHES[index] ?? [],
          width: 1.5,
          spanGaps: false,
          points: { size: 4, fill: () => color('--ground') },
        })),
      ],
    },
    [[...chart.seconds], ...chart.lines.map(({ values }) => [...values])],
    place,
  );
}

function chartFigure(chart: ReportChart): { figure: HTMLElement; place: HTMLElement } {
  const unit = chart.unit === '' ? '' : `, ${chart.unit}`;
  const place = element('div', '');
  const caption = element('figcaption', '', element('code', '', chart.title), unit);
  return { figure: element('figure', '', caption, place), place };
}

function show(data: ReportData): void {
  document.title = `Load test: ${data.title}`;
  const engine = data.engine === 'k6' ? 'k6' : 'the k6 runner of this project, which is not k6 itself';
  const outcome = element('span', data.outcome === 'held' ? 'good' : 'bad', data.outcome);
  const facts = data.facts.flatMap(([name, value]) => [
    element('div', '', element('dt', '', name), element('dd', '', value)),
  ]);
  const figures = data.charts.map((chart) => ({ chart, ...chartFigure(chart) }));
  document
    .querySelector('main')
    ?.append(
      element('h1', '', `${data.title}: `, outcome),
      element('p', 'note', `${data.startedAt.slice(0, 19).replace('T', ' ')} UTC, by ${engine}`),
      element('dl', '', ...facts),
      element('h2', '', 'Thresholds'),
      data.thresholds.length > 0 ? thresholds(data) : element('p', 'note', 'The script has none.'),
      ...(data.checks.length > 0 ? [element('h2', '', 'Checks'), checks(data)] : []),
      element('h2', '', 'Over time'),
      element('div', 'charts', ...figures.map(({ figure }) => figure)),
    );
  const plots = figures.map(({ chart, place }) => ({ plot: draw(chart, place), place }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const { plot } of plots) plot.redraw();
  });
  addEventListener('resize', () => {
    for (const { plot, place } of plots) plot.setSize({ width: place.clientWidth, height: CHART_HEIGHT });
  });
}

show(JSON.parse(document.querySelector('#data')?.textContent ?? '{}') as ReportData);
