import type { HttpResponse } from 'uWebSockets.js';
import { describe, expect, it } from 'vitest';
import { respondStreamed, streamOf, writeStreamed } from './streamed-body.ts';

/** A connection whose client reads when it is told to. */
function connection({ takes }: { takes: number }) {
  const written: string[] = [];
  let onWritable: (() => boolean) | undefined;
  let isEnded = false;
  const target = {
    cork: (run: () => void) => run(),
    writeStatus: () => target,
    writeHeader: () => target,
    onWritable: (handler: () => boolean) => {
      onWritable = handler;
    },
    write: (chunk: Uint8Array) => {
      written.push(new TextDecoder().decode(chunk));
      return written.length % takes !== 0;
    },
    end: () => {
      isEnded = true;
    },
  };
  return { response: target as unknown as HttpResponse, written, read: () => onWritable?.(), isEnded: () => isEnded };
}

/** Pieces that say how many were made. */
function source(count: number) {
  const state = { made: 0, isEnded: false };
  async function* chunks() {
    try {
      for (; state.made < count; ) {
        state.made += 1;
        yield new TextEncoder().encode(String(state.made));
      }
    } finally {
      state.isEnded = true;
    }
  }
  return { state, answer: respondStreamed(chunks(), { status: 200 }) };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const fail = (error: unknown) => expect.unreachable(String(error));

describe('an answer that is written as it comes', () => {
  it('is made no faster than its client reads', async () => {
    const line = connection({ takes: 2 });
    const { state, answer } = source(7);
    const body = streamOf(answer);
    if (!body) throw new Error('it is no stream');
    const gone = new AbortController();
    const written = writeStreamed({ response: line.response, gone: gone.signal }, { answer, body }, fail);
    await turn();
    expect(line.written).toEqual(['1', '2']);
    expect(state.made).toBe(2);
    line.read();
    await turn();
    expect(line.written).toEqual(['1', '2', '3', '4']);
    line.read();
    await turn();
    line.read();
    await written;
    expect(line.written.join('')).toBe('1234567');
    expect([line.isEnded(), state.isEnded]).toEqual([true, true]);
  });

  it('whose client is gone is made no further, whether it waited or not', async () => {
    const line = connection({ takes: 1 });
    const { state, answer } = source(1_000);
    const body = streamOf(answer);
    if (!body) throw new Error('it is no stream');
    const gone = new AbortController();
    const written = writeStreamed({ response: line.response, gone: gone.signal }, { answer, body }, fail);
    await turn();
    gone.abort();
    await written;
    await turn();
    expect(line.written).toEqual(['1']);
    expect([line.isEnded(), state.isEnded]).toEqual([false, true]);
  });

  it('fails where it is what fails', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1);
      throw new Error('broken');
    }
    const answer = respondStreamed(broken(), {});
    const body = streamOf(answer);
    if (!body) throw new Error('it is no stream');
    const { response } = connection({ takes: 5 });
    const written = writeStreamed({ response, gone: new AbortController().signal }, { answer, body }, fail);
    await expect(written).rejects.toThrow('broken');
  });

  it('stays one in another answer, as the router makes them', () => {
    const { answer } = source(1);
    expect(streamOf(new Response(answer.body, answer))).toBeDefined();
    expect(streamOf(new Response('text'))).toBeUndefined();
  });
});
