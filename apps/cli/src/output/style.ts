import { styleText } from 'node:util';
import type { OutputStream } from '../terminal.ts';

type Paint = (text: string) => string;

/** What text may look like. Colour is never the only sign of anything. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** A style that paints, or one that leaves every text as it is. */
export function createStyle(enabled: boolean): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      enabled ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  };
}

/** Whether a stream gets colours: `--no-color`, NO_COLOR (no-color.org), FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(stream: OutputStream, env: NodeJS.ProcessEnv, args: readonly string[]): boolean {
  if (args.includes('--no-color') || env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
