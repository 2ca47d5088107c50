import type { StoredLevel } from '@meldesync/bus';
import { type OperationsLevel, operations, type ReportUnreadable, readJson, serviceLevel } from '@meldesync/protocol';
import { z } from 'zod';

const { reasons, since } = operations.shape.level.shape;

/** What the process that decides keeps. */
const levelDecision = z.object({ level: serviceLevel, since, reasons });
export type LevelDecision = z.infer<typeof levelDecision>;

/** What a person has chosen. */
const chosenLevel = z.object({ level: serviceLevel.exclude(['normal']), since, by: z.string() });
export type ChosenLevel = z.infer<typeof chosenLevel>;

/** What holds of the level; null where there is nothing. */
export interface KnownLevel {
  readonly decision: LevelDecision | null;
  readonly chosen: ChosenLevel | null;
}

/** Reads what Redis holds of the level; what cannot be read counts for nothing. */
export function readLevel({ decision, chosen }: StoredLevel, onUnreadable: ReportUnreadable): KnownLevel {
  const read = <T>(schema: z.ZodType<T>, text: string | null): T | null => {
    if (text === null) return null;
    const reading = readJson(schema, text);
    if ('value' in reading) return reading.value;
    onUnreadable({ place: 'level', reason: reading.unreadable });
    return null;
  };
  return { decision: read(levelDecision, decision), chosen: read(chosenLevel, chosen) };
}

/** The level at which a process works: what a person has chosen, what was decided on, or normal, `normalSince` that moment. */
export function effectiveLevel({ decision, chosen }: KnownLevel, normalSince: string): OperationsLevel {
  const measured = decision?.reasons ?? [];
  if (chosen) return { name: chosen.level, since: chosen.since, reasons: measured, chosenBy: 'person' };
  if (decision) return { name: decision.level, since: decision.since, reasons: measured, chosenBy: 'measured' };
  return { name: 'normal', since: normalSince, reasons: [], chosenBy: 'measured' };
}
