/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  /** A token of the theme, such as `--accent`. */
  readonly color: `--${string}`;
  /** Lengths of its dashes and gaps, so that lines differ without their colours too; empty for a line without gaps. */
  readonly dash: readonly number[];
  /** One each time; null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
  /** A line that is wanted, and was not measured: it has no values of a minute. */
  readonly isLimit?: boolean;
}
