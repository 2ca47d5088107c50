/** A line of a file, without its end. */
export interface TextLine {
  readonly text: string;
  /** False where the file ends within it: whoever wrote it was cut off. */
  readonly isWhole: boolean;
}

/**
 * Lines of a file of JSON Lines. They end with a line feed and with nothing else: texts of people may hold what other readers take for the end of
 * one, such as U+2028, which JSON does not escape.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let begun = '';
  for await (const chunk of chunks) {
    const [first = '', ...further] = decoder.decode(chunk, { stream: true }).split('\n');
    begun += first;
    for (const next of further) {
      yield { text: begun, isWhole: true };
      begun = next;
    }
  }
  begun += decoder.decode();
  if (begun !== '') yield { text: begun, isWhole: false };
}
