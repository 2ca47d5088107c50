import type { NodeRuntime } from './runtime.ts';

/** So many entries are put into words before others have their turn: a page of thousands would keep every edit waiting. */
const AT_ONCE = 250;

/**
 * A list as JSON, made in pieces: between them others have their turn.
 * @param put what becomes of a piece, before it is put into words
 */
export async function listInPieces<Entry>(
  list: readonly Entry[],
  runtime: Pick<NodeRuntime, 'soon'>,
  put: (piece: readonly Entry[]) => readonly Entry[] = (piece) => piece,
): Promise<string> {
  const pieces: string[] = [];
  for (let from = 0; from < list.length; from += AT_ONCE) {
    if (from > 0) await new Promise<void>((resolve) => runtime.soon(resolve));
    const piece = put(list.slice(from, from + AT_ONCE));
    if (piece.length > 0) pieces.push(JSON.stringify(piece).slice(1, -1));
  }
  return `[${pieces.join(',')}]`;
}
