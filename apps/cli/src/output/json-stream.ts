import type { OutputStream } from '../terminal.ts';
import { steadyJson } from './text.ts';

/** A JSON document with one long list, written as the list comes. */
export interface JsonStream {
  /** Resolves when there is room for more: whoever reads slowly is waited for. */
  add(item: unknown): Promise<void>;
  /** Ends the document. */
  end(): Promise<void>;
}

/** Begins an object with these fields and, behind them, a list of that name. */
export function createJsonStream(stream: OutputStream, fields: object, list: string): JsonStream {
  const head = steadyJson(fields, 2).replace(/\n?}$/, '');
  let isFirst = true;

  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await drained(stream);
  };
  const begin = (): string => `${head}${head === '{' ? '' : ','}\n  ${JSON.stringify(list)}: [`;

  return {
    async add(item) {
      const text = steadyJson(item, 2).replaceAll('\n', '\n    ');
      await write(`${isFirst ? begin() : ','}\n    ${text}`);
      isFirst = false;
    },
    end: () => write(isFirst ? `${begin()}]\n}\n` : '\n  ]\n}\n'),
  };
}

/** Resolves when there is room again. A stream that is closed has none any more, and nobody needs the rest. */
function drained(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
