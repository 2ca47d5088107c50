/** What the page of a report is given, as JSON inside it. */
export interface ReportData {
  readonly title: string;
  readonly engine: 'k6' | 'k6-runner';
  readonly outcome: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly facts: readonly (readonly [string, string])[];
  readonly thresholds: readonly {
    readonly metric: string;
    readonly threshold: string;
    readonly ok: boolean;
    readonly value: string;
  }[];
  readonly checks: readonly { readonly path: string; readonly passes: number; readonly fails: number }[];
  readonly charts: readonly ReportChart[];
}

/** Lines over the seconds of the run. */
export interface ReportChart {
  readonly title: string;
  readonly unit: string;
  readonly seconds: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
}
