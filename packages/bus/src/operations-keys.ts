/** Names of what Redis keeps of the running of the cluster; in one slot of a Redis Cluster. */
export interface OperationsKeys {
  /** What a process says of itself. */
  status(process: string): string;
  /** Set of the processes that have a status. */
  readonly statuses: string;
  /** List of points. */
  history(process: string): string;
  /** Set of the processes that have a history. */
  readonly histories: string;
  /** Which process decides on the level. */
  readonly lease: string;
  /** The level as it was decided on by what is measured. */
  readonly decision: string;
  /** The level that a person has chosen. */
  readonly chosen: string;
  /** Channel on which all are told to read the level again. */
  readonly channel: string;
}

export function operationsKeys(prefix: string): OperationsKeys {
  const own = `${prefix}:{operations}`;
  return {
    status: (process) => `${own}:status:${process}`,
    statuses: `${own}:statuses`,
    history: (process) => `${own}:history:${process}`,
    histories: `${own}:histories`,
    lease: `${own}:lease`,
    decision: `${own}:decision`,
    chosen: `${own}:chosen`,
    channel: `${own}:level`,
  };
}
