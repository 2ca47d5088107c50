import type { HttpResponse } from 'uWebSockets.js';
import { guarded } from './guard.ts';
import { writeHead } from './write-response.ts';

/** Bodies that are written as they come. Hono may put them into another answer, never into another stream. */
const streamed = new WeakSet<ReadableStream>();

/** An answer whose body comes piece by piece, as fast as its client reads. An error in it breaks the connection off. */
export function respondStreamed(chunks: AsyncIterable<Uint8Array>, init: ResponseInit): Response {
  // Nothing is made before somebody asks for it.
  const body = new ReadableStream<Uint8Array>(sourceOf(chunks), { highWaterMark: 0 });
  streamed.add(body);
  return new Response(body, init);
}

function sourceOf(chunks: AsyncIterable<Uint8Array>): UnderlyingDefaultSource<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return {
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  };
}

/** The body of such an answer; undefined for all others. */
export function streamOf({ body }: Response): ReadableStream<Uint8Array> | undefined {
  return body && streamed.has(body) ? body : undefined;
}

/** An answer on its way, as long as its connection lasts. */
export interface StreamTarget {
  readonly response: HttpResponse;
  /** Aborted once uWS allows no more use of the response. */
  readonly gone: AbortSignal;
}

/** Writes it piece by piece: the next one is made when the client has read what uWS holds. Rejects where the body fails. */
export async function writeStreamed(
  { response, gone }: StreamTarget,
  { answer, body }: { readonly answer: Response; readonly body: ReadableStream<Uint8Array> },
  onError: (error: unknown) => void,
): Promise<void> {
  const reader = body.getReader();
  // uWS says that a client has read to whoever asked last; nobody who asks is forgotten.
  let onWritable: (() => void) | undefined;
  const abandon = () => {
    onWritable?.();
    reader.cancel().catch(onError);
  };
  gone.addEventListener('abort', abandon, { once: true });
  try {
    response.onWritable(() => {
      onWritable?.();
      return true;
    });
    response.cork(guarded(() => writeHead(response, answer), onError));
    for (;;) {
      const { done, value } = await reader.read();
      if (gone.aborted) return;
      if (done) break;
      let hasRoom = true;
      const write = () => {
        hasRoom = response.write(value);
      };
      const drained = new Promise<void>((resolve) => {
        onWritable = resolve;
      });
      if (value.byteLength > 0) response.cork(guarded(write, onError));
      if (!hasRoom) await drained;
      if (gone.aborted) return;
    }
    response.cork(guarded(() => response.end(), onError));
  } finally {
    gone.removeEventListener('abort', abandon);
  }
}
